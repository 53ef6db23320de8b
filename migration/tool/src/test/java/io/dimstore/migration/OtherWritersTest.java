// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a preflight says of rows that programs without dimstore wrote. */
class OtherWritersTest {

  private static final String STATEMENT = "--all-writers-use-dimstore";

  @TempDir Path folder;
  private MovingTable moving;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  @BeforeEach
  void plan() throws Exception {
    moving = new MovingTable(folder, "shared-memory", "memory");
    moving.expect(0, "plan", "--propagation=1s");
    write("own", now);
  }

  @AfterEach
  void close() {
    moving.close();
  }

  private void write(String id, Instant at) {
    try (DimensionStore old = moving.openOld()) {
      old.table(moving.spec())
          .write(List.of(new Put(Key.of(id), Row.of(1L), at.toEpochMilli())))
          .toCompletableFuture()
          .join();
    }
  }

  private String preflight(int exitCode, String... options) {
    int before = moving.out().length();
    String[] all = new String[options.length + 1];
    all[0] = "preflight";
    System.arraycopy(options, 0, all, 1, options.length);
    moving.expect(exitCode, all);
    return moving.out().substring(before);
  }

  private String gate() {
    return moving.gate("replication-in-time");
  }

  @Test
  void rowsOfOtherProgramsAreCountedWithTheNewestTime() {
    Instant yesterday = now.minus(Duration.ofDays(1));
    write("other-1", now.minus(Duration.ofDays(2)));
    write("other-2", yesterday);
    assertThat(preflight(0))
        .contains("3 rows sampled")
        .contains("2 of them were last written by other programs, the newest at " + yesterday)
        .contains("WARNING: nothing carries the changes of writers that do not use dimstore")
        .contains("phase ready");
    assertThat(gate())
        .contains("2 of 3 sampled rows were written by other programs after")
        .contains(STATEMENT);
  }

  @Test
  void statementThatARecentRowContradictsIsRefused() {
    write("other-1", now.minus(Duration.ofDays(7)));
    assertThat(preflight(3, STATEMENT))
        .contains("refused: ")
        .contains("1 of 2 sampled rows were written by other programs after")
        .contains("--other-writers-ended-at")
        .contains("phase planned");
    assertThat(gate()).contains("1 of 2 sampled rows were written by other programs after");
    moving.expect(1, "start");
  }

  @Test
  void rowsThatWereLoadedLongAgoDoNotContradictTheStatement() {
    write("other-1", now.minus(Duration.ofDays(9)));
    write("other-2", Instant.ofEpochMilli(7));
    assertThat(preflight(0, STATEMENT))
        .contains("2 of them were last written by other programs")
        .contains("the operator states that there are none")
        .contains("phase ready");
    assertThat(gate()).contains("lag 0 ms");
  }

  @Test
  void writersThatHaveEndedMayHaveWrittenUpToThen() {
    Instant ended = now.minus(Duration.ofHours(1));
    write("other-1", ended);
    assertThat(preflight(0, STATEMENT, "--other-writers-ended-at=" + ended))
        .contains("the newest at " + ended)
        .contains("phase ready");
    write("other-2", ended.plusMillis(1));
    assertThat(preflight(3, STATEMENT, "--other-writers-ended-at=" + ended))
        .contains("1 of 3 sampled rows were written by other programs after")
        .contains("phase ready");
    assertThat(gate()).contains("1 of 3 sampled rows were written by other programs after");
  }

  @Test
  void endIsStatedWithTheStatementAndNotForTheFuture() {
    moving.expect(2, "preflight", "--other-writers-ended-at=" + now);
    assertThat(moving.err()).contains("needs " + STATEMENT);
    String future = "--other-writers-ended-at=" + now.plus(Duration.ofDays(1));
    moving.expect(2, "preflight", STATEMENT, future);
    assertThat(moving.err()).contains("must not be in the future");
  }

  @Test
  void sampleIsTakenFromTheWholeTable() {
    for (int i = 0; i < 100; i++) {
      write("own-" + i, now);
    }
    for (int i = 0; i < 100; i++) {
      write("other-" + i, now);
      write("z-" + i, now);
    }
    assertThat(preflight(0, "--sample-rows=150"))
        .contains("150 rows sampled")
        .doesNotContain("100 of them were last written by other programs");
  }
}
