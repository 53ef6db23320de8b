// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.stored;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import io.dimstore.tck.internal.fixture.Stored;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** C1: stored changes are what a scan with tombstones returns. */
public abstract class StoredChangeRules {

  private static final int MANY = 250;

  private final Kit kit;

  public StoredChangeRules(Kit kit) {
    this.kit = kit;
  }

  @Test
  void c1aAnswersAreInTheOrderOfTheKeysWhateverTheirNumber() {
    Rows rows = kit.rows();
    Stored.with(
        kit,
        rows.table(),
        stored -> {
          List<Change> written = new ArrayList<>();
          for (int i = 0; i < MANY; i++) {
            written.add(Rows.put(rows.key(i), "x" + i, i + 1));
          }
          rows.write(written);
          assertThat(stored.read(List.of())).isEmpty();
          List<Change> expected = new ArrayList<>(written);
          Collections.reverse(expected);
          expected.add(written.get(7));
          expected.add(written.get(7));
          List<@Nullable Change> found = stored.read(expected.stream().map(Change::key).toList());
          assertThat(found).isEqualTo(expected);
        });
  }

  @Test
  void c1bRowHasAllColumnsItsVersionAndItsExpiry() {
    Rows rows = kit.rows();
    Stored.with(
        kit,
        rows.table(),
        stored -> {
          long later = kit.clock().millis() + Duration.ofDays(1).toMillis();
          Put whole = new Put(rows.key("whole"), Row.of("x", 5L, "y"), 7);
          Put nulls = new Put(rows.key("nulls"), Row.of(null, null, null), 8);
          Put expiring = Rows.putUntil(rows.key("expiring"), "x", 9, later);
          rows.write(whole, nulls, expiring);
          assertThat(stored.read(List.of(whole.key(), nulls.key(), expiring.key())))
              .isEqualTo(List.of(whole, nulls, expiring));
        });
  }

  @Test
  void c1cRemovalAndExpiredRowAreTombstonesWithTheirVersions() {
    Rows rows = kit.rows();
    Stored.with(
        kit,
        rows.table(),
        stored -> {
          Key removed = rows.key("removed");
          Key never = rows.key("removed-before-it-was-put");
          Key expired = rows.key("expired");
          rows.write(Rows.put(removed, "x", 3));
          rows.write(new Delete(removed, 4), new Delete(never, 5));
          rows.write(Rows.putUntil(expired, "x", 6, kit.clock().millis() + 1_000));
          kit.clock().advance(Duration.ofSeconds(2));
          assertThat(stored.read(List.of(removed, never, expired)))
              .isEqualTo(
                  List.of(new Delete(removed, 4), new Delete(never, 5), new Delete(expired, 6)));
        });
  }

  @Test
  void c1dKeyThatWasNeverWrittenOrCannotBeHeldIsNullAndTheOthersAreAnswered() {
    Rows rows = kit.rows();
    Stored.with(
        kit,
        rows.table(),
        stored -> {
          Put there = Rows.put(rows.key("there"), "x", 1);
          rows.write(there);
          List<Key> asked = new ArrayList<>(kit.harness().unusualKeys());
          asked.add(rows.key("absent"));
          asked.add(there.key());
          asked.add(Key.of(1L));
          asked.add(Key.of("two", "columns"));
          List<@Nullable Change> found = stored.read(asked);
          int last = asked.indexOf(there.key());
          assertThat(found.get(last)).isEqualTo(there);
          assertThat(found.subList(last + 1, asked.size()))
              .as("a key of another class or size")
              .containsOnlyNulls();
          assertThat(found.get(last - 1)).as("a key that was never written").isNull();
        });
  }

  @Test
  void c1eWriteThroughAnotherStoreIsSeenAtOnceEvenIfTheKeyWasReadBefore() {
    Rows rows = kit.rows();
    Stored.with(
        kit,
        rows.table(),
        stored -> {
          Rows writer = rows.through(kit.open(Map.of()));
          Key key = rows.key("changing");
          for (int version = 1; version <= 6; version++) {
            Change change =
                version % 3 == 0 ? new Delete(key, version) : Rows.put(key, "x" + version, version);
            writer.write(change);
            assertThat(stored.read(key)).isEqualTo(change);
            // Lookups may fill a cache.
            var unused = rows.get(key);
          }
        });
  }
}
