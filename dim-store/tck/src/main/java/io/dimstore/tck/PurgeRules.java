package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Put;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** M3: a purge forgets what is over, and nothing else. */
abstract class PurgeRules {

  private final Kit kit;

  PurgeRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void m3OnlyWhatIsOverIsForgotten() {
    Rows rows = kit.rows("copies_purged");
    Copies.with(
        kit,
        rows,
        copies -> {
          long tomorrow = kit.clock().millis() + Duration.ofDays(1).toMillis();
          Put live = Rows.put(rows.key("live"), "x", 3);
          Put back = Rows.put(rows.key("back"), "x", 6);
          rows.write(live, Rows.put(rows.key("dead"), "x", 3), Rows.put(rows.key("young"), "x", 3));
          rows.write(Rows.putUntil(rows.key("over"), "x", 3, tomorrow));
          rows.delete(rows.key("dead"), 5);
          rows.delete(back.key(), 5);
          rows.write(back);
          assertThat(copies.purge(2)).as("before").isEqualTo(new Copies.Purged(0, 1));
          kit.clock().advance(Duration.ofDays(9));
          Delete young = new Delete(rows.key("young"), 5);
          rows.write(young);
          assertThat(copies.purge(2)).as("nine days later").isEqualTo(new Copies.Purged(2, 1));
          List<Change> left = List.of(live, back, young);
          assertThat(rows.scanOwn(true)).containsExactlyInAnyOrderElementsOf(left);
          left.forEach(rows::assertStands);
          rows.assertAbsent(rows.key("dead"));
          rows.assertAbsent(rows.key("over"));
          assertThat(copies.purge(100)).as("again").isEqualTo(new Copies.Purged(0, 1));
        });
  }
}
