// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import static io.dimstore.migration.store.MemoryTables.content;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.store.MemoryTables;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.TestClock;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Verifications beside live writers report no difference. The campaign of docs/migration.md does
 * the same with {@code -Dlive.runs=100}.
 */
@Timeout(600)
public class VerifyUnderLiveWritesTest {

  private static final int ROWS = 20_000;
  private static final int RUNS = Integer.getInteger("live.runs", 10);

  private static VerifySettings settings(int heldRows) {
    VerifySettings d = VerifySettings.defaults();
    return new VerifySettings(
        8,
        1,
        500,
        1 << 14,
        heldRows,
        d.settle(),
        d.copySettle(),
        20,
        d.maxDifferences(),
        d.maxExamples(),
        d.tombstoneRetention(),
        0,
        d.patience(),
        0,
        20);
  }

  /** Compares two tables with a clock that waits for the writers. */
  public static VerifyResult verify(Side from, Side to, TestClock clock)
      throws InterruptedException {
    return new Verify(from, to, settings(5_000), VerifyListener.NONE, clock).run();
  }

  @Test
  void noRunReportsADifferenceAndAWrongRowIsFoundAllTheSame() throws Exception {
    long inFlight = 0;
    try (MemoryTables tables = new MemoryTables()) {
      tables.writeBoth(MemoryTables.mixed(ROWS, System.currentTimeMillis()));
      try (LiveWriters writers = new LiveWriters(tables.from(), tables.to(), ROWS, 2, 1)) {
        for (int run = 0; run < RUNS; run++) {
          int heldRows = run % 2 == 0 ? 1_000_000 : 5_000;
          VerifyResult result =
              new Verify(
                      tables.fromSide(),
                      tables.toSide(),
                      settings(heldRows),
                      VerifyListener.NONE,
                      writers.clock())
                  .run();
          assertThat(result.examples()).isEmpty();
          assertThat(result.differentKeys()).isZero();
          assertThat(result.isWhole()).isTrue();
          inFlight += result.from().inFlight() + result.from().moving();
        }
        Key planted = Key.of("planted");
        MemoryTables.write(tables.to(), new Put(planted, Row.of("only here", 1), 1));
        VerifyResult result =
            new Verify(
                    tables.fromSide(),
                    tables.toSide(),
                    settings(5_000),
                    VerifyListener.NONE,
                    writers.clock())
                .run();
        assertThat(result.examples().stream().map(Difference::key))
            .isEqualTo(List.of(planted.toString()));
      }
      assertThat(inFlight).as("rows that were written while they were compared").isPositive();
      assertThat(content(tables.from())).as("the writers were right").hasSizeGreaterThan(ROWS / 2);
    }
  }
}
