// SPDX-License-Identifier: Apache-2.0
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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes random writes, each followed by a read, and compares the rows with a model, which is a map.
 * No version of a key and no key of a batch occurs twice: other rules test these cases.
 */
final class Histories {

  private static final int THREADS = 6;
  private static final int STEPS = 40;
  private static final int KEYS = 5;

  private final Kit kit;
  private final Rows rows;
  private final boolean deletes;

  Histories(Kit kit, Rows rows, boolean deletes) {
    this.kit = kit;
    this.rows = rows;
    this.deletes = deletes;
  }

  /** Runs one history on each of several threads; each has its own keys. */
  void run(long seed) {
    List<Runnable> histories = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int own = thread;
      histories.add(() -> history("h" + seed + "-" + own + "-", new Random(seed * 31 + own)));
    }
    Parallel.start(histories).join(kit.answers());
  }

  private void history(String name, Random random) {
    Map<Key, Change> model = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      Map<Integer, Change> batch = new TreeMap<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        int number = random.nextInt(KEYS);
        Key key = rows.key(name + number);
        long version = random.nextInt(30) * (long) STEPS + step;
        batch.put(
            number,
            deletes && random.nextInt(3) == 0
                ? new Delete(key, version)
                : Rows.put(key, "s" + step + "i" + i, version));
      }
      for (Change change : batch.values()) {
        model.merge(
            change.key(), change, (held, next) -> next.version() >= held.version() ? next : held);
      }
      rows.write(List.copyOf(batch.values()));
      List<Key> keys = new ArrayList<>(model.keySet());
      List<@Nullable Put> expected = new ArrayList<>();
      for (Key key : keys) {
        expected.add(model.get(key) instanceof Put put ? put : null);
      }
      assertThat(rows.getAll(keys)).as("step %d of history %s", step, name).isEqualTo(expected);
    }
  }
}
