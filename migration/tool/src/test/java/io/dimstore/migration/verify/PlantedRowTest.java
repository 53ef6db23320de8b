// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import static io.dimstore.migration.store.MemoryTables.row;
import static io.dimstore.migration.store.MemoryTables.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.TestClock;
import io.dimstore.migration.verify.Difference.Kind;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One wrong row among many is found in every run. The campaign of docs/migration.md runs the same
 * with more rows and seeds:
 *
 * <pre>{@code
 * mvn -pl migration/tool test -Dtest=PlantedRowTest -Dplanted.rows=1000000 -Dplanted.runs=100 -Dtest.heap=4g
 * }</pre>
 */
class PlantedRowTest {

  private static final int ROWS = Integer.getInteger("planted.rows", 100_000);
  private static final int RUNS = Integer.getInteger("planted.runs", 10);
  private static final int BATCH = 10_000;
  private static final List<Kind> PLANTED =
      List.of(Kind.MISSING, Kind.EXTRA, Kind.STALE, Kind.VALUE, Kind.EXPIRY);

  private static MemoryTables tables;
  private static long now;

  @BeforeAll
  static void fill() {
    tables = new MemoryTables();
    now = System.currentTimeMillis() - 1_000_000;
    for (int begin = 0; begin < ROWS; begin += BATCH) {
      List<Change> batch = new ArrayList<>(BATCH);
      for (int i = begin; i < Math.min(ROWS, begin + BATCH); i++) {
        batch.add(row(i, "name " + i % 1_000, now));
      }
      tables.writeBoth(batch);
    }
  }

  @AfterAll
  static void close() {
    tables.close();
  }

  static IntStream seeds() {
    return IntStream.rangeClosed(1, RUNS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void oneWrongRowAmongManyIsFoundAndNamed(int seed) throws Exception {
    Random random = new Random(seed);
    int id = random.nextInt(ROWS);
    Key key = Key.of("k" + id);
    long version = now + seed * 10L;
    Put right = new Put(key, Row.of("right " + seed, id), version);
    write(tables.from(), right);
    Kind planted = PLANTED.get(random.nextInt(PLANTED.size()));
    switch (planted) {
      case MISSING -> write(tables.to(), new Delete(key, version));
      case EXTRA -> write(tables.to(), new Put(key, right.row(), version + 1));
      case STALE -> { // the target keeps the earlier row
      }
      case VALUE -> write(tables.to(), new Put(key, Row.of("right " + seed, id + 1), version));
      case EXPIRY ->
          write(tables.to(), new Put(key, right.row(), version, version + 1_000_000_000_000L));
      case UNREADABLE -> throw new AssertionError();
    }
    VerifySettings d = VerifySettings.defaults();
    VerifySettings settings =
        new VerifySettings(
            16,
            d.parallelism(),
            d.pageSize(),
            d.buckets(),
            // Every second run compares the buckets with a second scan.
            seed % 2 == 0 ? d.heldRows() : 1_000,
            d.settle(),
            d.copySettle(),
            d.rounds(),
            d.maxDifferences(),
            d.maxExamples(),
            d.tombstoneRetention(),
            0,
            d.patience(),
            0,
            d.probesPerSecond());
    VerifyResult result =
        new Verify(
                tables.fromSide(), tables.toSide(), settings, VerifyListener.NONE, new TestClock())
            .run();
    assertThat(result.differentKeys()).isEqualTo(1);
    assertThat(result.examples().get(0).key()).isEqualTo(key.toString());
    assertThat(result.examples().get(0).kind()).isEqualTo(planted);
    assertThat(result.from().equal()).isEqualTo(ROWS - 1);
    assertThat(result.to().rows()).isEqualTo(ROWS);
    // The next run begins with equal tables.
    tables.writeBoth(List.of(new Put(key, right.row(), version + 2)));
  }
}
