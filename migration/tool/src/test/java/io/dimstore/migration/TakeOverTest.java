// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The new store is lost right after the cut-over: the old one takes over, while a job runs. */
@Timeout(120)
class TakeOverTest {

  @TempDir Path folder;
  private MovingTable moving;
  private DimensionStore old;
  private TableSpec spec;

  @BeforeEach
  void declare() throws Exception {
    moving = new MovingTable(folder, "downable-memory");
    spec = moving.spec();
    old = moving.openOld();
    write(old.table(spec), 1);
  }

  @AfterEach
  void close() {
    DownableMemoryFactory.bringBack(moving.targetInstance());
    old.close();
    moving.close();
  }

  @Test
  void oldStoreTakesOverAndTheMigrationBeginsAgainWhenTheNewOneIsBack() throws Exception {
    try (DimensionStore mirror = moving.openMirror()) {
      DimensionTable table = mirror.table(spec);
      moving.expect(0, "plan", "--propagation=1s");
      moving.expect(1, takeOver());
      assertThat(moving.err()).contains("No migration of dim_moving has been started");
      moving.expect(0, "preflight", "--all-writers-use-dimstore");
      moving.expect(0, "start");
      moving.expect(0, "backfill", "--impact-factor=0");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "cutover", "--force=a test");
      retried(() -> write(table, 2));

      moving.expect(2, "rollback", "--without-new-store");
      moving.expect(2, "rollback", "--reason=none");
      moving.expect(1, takeOver());
      assertThat(moving.err()).contains("The new store answers");
      DownableMemoryFactory.takeDown(moving.targetInstance());
      moving.expect(1, "rollback");
      moving.expect(0, takeOver());
      assertThat(moving.out()).contains("the old store decides and answers alone");
      retried(() -> write(table, 3));
      assertThat(level(table)).isEqualTo(3);
      assertThat(level(old.table(spec))).isEqualTo(3);

      DownableMemoryFactory.bringBack(moving.targetInstance());
      moving.expect(1, "reverse");
      assertThat(moving.err())
          .contains("The old store took over without the new one")
          .contains("the region is lost");
      assertThat(level(old.table(spec))).as("the old store goes on to decide").isEqualTo(3);
      moving.expect(0, "rollback");
      moving.expect(0, "status");
      assertThat(moving.out()).contains("phase ready").contains("the region is lost");
      retried(() -> write(table, 4));
      assertThat(level(old.table(spec))).isEqualTo(4);

      moving.expect(0, "start");
      moving.expect(1, "backfill", "--impact-factor=0");
      moving.expect(0, "backfill", "--impact-factor=0", "--restart");
      moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
      moving.expect(0, "cutover", "--force=a test");
      assertThat(level(table)).isEqualTo(4);
      PersonalDataTest.requireNamed(old, spec);
    }
  }

  private static String[] takeOver() {
    return new String[] {"rollback", "--without-new-store", "--reason=the region is lost"};
  }

  private static void write(DimensionTable table, long version) {
    table
        .write(List.of(new Put(Key.of("k"), Row.of(version), version)))
        .toCompletableFuture()
        .join();
  }

  private static long level(DimensionTable table) {
    Put row = table.get(List.of(Key.of("k")), Projection.of(0)).toCompletableFuture().join().get(0);
    return row == null ? 0 : row.version();
  }

  private static void retried(Runnable call) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        call.run();
        return;
      } catch (CompletionException e) {
        StoreException known = StoreException.find(e);
        if (known == null || !known.kind().isRetryable() || System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }
}
