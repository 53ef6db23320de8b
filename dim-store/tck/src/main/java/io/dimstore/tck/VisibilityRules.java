package io.dimstore.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R13: a get that begins after a successful write sees that write or a newer one. */
abstract class VisibilityRules {

  private static final int WRITERS = 4;
  private static final int KEYS = 12;

  private final Kit kit;
  private final Rows rows;

  VisibilityRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r13AGetAfterAWriteSeesIt() {
    Key key = rows.key("mine");
    for (int version = 1; version <= 50; version++) {
      rows.assertStands(write(key, version % 5 == 0, version));
    }
  }

  @Test
  void r13AGetThroughAnotherOpeningSeesTheWriteToo() {
    Rows other = rows.through(kit.open(Map.of()));
    Key key = rows.key("others");
    for (int version = 1; version <= 20; version++) {
      // The other one looks first, so that it has had the chance to remember something older.
      other.get(key);
      other.assertStands(write(key, version % 4 == 0, version));
    }
  }

  @Test
  void r13NoReaderGoesBackBehindAWriteThatSucceeded() {
    AtomicLongArray acknowledged = new AtomicLongArray(KEYS);
    AtomicBoolean writing = new AtomicBoolean(true);
    List<Runnable> writers = new ArrayList<>();
    for (int w = 0; w < WRITERS; w++) {
      int writer = w;
      writers.add(() -> writeVersions(writer, acknowledged));
    }
    List<Runnable> readers = new ArrayList<>();
    for (int r = 0; r < 4; r++) {
      int seed = r;
      readers.add(() -> readVersions(new Random(seed), acknowledged, writing));
    }
    Parallel reading = Parallel.start(readers);
    try {
      Parallel.start(writers).join(kit.answers());
    } finally {
      writing.set(false);
    }
    reading.join(kit.answers());
  }

  /** Each writer owns every fourth key, and writes its versions upwards. */
  private void writeVersions(int writer, AtomicLongArray acknowledged) {
    for (long version = 1; version <= 30; version++) {
      for (int k = writer; k < KEYS; k += WRITERS) {
        rows.write(Rows.put(rows.key("up" + k), "v" + version, version));
        acknowledged.set(k, version);
      }
    }
  }

  private void readVersions(Random random, AtomicLongArray acknowledged, AtomicBoolean writing) {
    do {
      int k = random.nextInt(KEYS);
      long atLeast = acknowledged.get(k);
      Put found = rows.get(rows.key("up" + k));
      long seen = found == null ? 0 : found.version();
      assertThat(seen)
          .as("R13: version read, not behind the one written")
          .isGreaterThanOrEqualTo(atLeast);
    } while (writing.get());
  }

  /** Histories of one thread per key set, against a model that is a map. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void r13RandomHistoriesReadAsAMapWould(long seed) {
    List<Runnable> histories = new ArrayList<>();
    for (int thread = 0; thread < 6; thread++) {
      int own = thread;
      histories.add(() -> history("h" + seed + "-" + own + "-", new Random(seed * 31 + own)));
    }
    Parallel.start(histories).join(kit.answers());
  }

  private void history(String name, Random random) {
    Map<Key, Change> model = new HashMap<>();
    for (int step = 0; step < 40; step++) {
      List<Change> batch = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        Key key = rows.key(name + random.nextInt(5));
        long version = random.nextInt(30);
        Change change =
            random.nextInt(3) == 0
                ? new Delete(key, version)
                : Rows.put(key, "s" + step + "i" + i, version);
        batch.add(change);
        model.merge(key, change, (held, next) -> next.version() >= held.version() ? next : held);
      }
      rows.write(batch);
      List<Key> keys = new ArrayList<>(model.keySet());
      List<@Nullable Put> expected = new ArrayList<>();
      for (Key key : keys) {
        expected.add(model.get(key) instanceof Put put ? put : null);
      }
      assertThat(rows.getAll(keys)).as("step %d of history %s", step, name).isEqualTo(expected);
    }
  }

  private Change write(Key key, boolean delete, long version) {
    Change change = delete ? new Delete(key, version) : Rows.put(key, "v" + version, version);
    rows.write(change);
    return change;
  }
}
