// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.mirror.control.ChangeCarriers.Coverage;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writers that do not use dimstore keep the gate {@code replication-in-time} closed, unless their
 * changes are replicated or the operator states that there are none.
 */
@Timeout(60)
class ForeignWritersTest {

  private static final String WARNING =
      "WARNING: nothing carries the changes of writers that do not use dimstore";
  private static final String CLOSED =
      "no +replication-in-time +not covered: writers that do not use dimstore";

  @TempDir Path folder;
  private MovingTable moving;
  private DimensionStore old;
  private DimensionStore target;

  @BeforeEach
  void declare() throws Exception {
    moving = new MovingTable(folder, "memory");
    old = moving.openOld();
    target = moving.openTarget();
    old.table(moving.spec())
        .write(List.of(new Put(Key.of("k"), Row.of(1L), 1)))
        .toCompletableFuture()
        .join();
    moving.expect(0, "plan", "--propagation=10ms");
  }

  @AfterEach
  void close() {
    MemoryChangeCarriers.uncover(moving.sourceInstance());
    old.close();
    target.close();
    moving.close();
  }

  @Test
  void withoutReplicationOrStatementTheCutOverIsRefused() {
    assertThat(printed(0, "preflight"))
        .contains(WARNING)
        .contains("cannot tell which rows other programs wrote");
    assertThat(printed(0, "status")).containsPattern(CLOSED);
    moving.expect(0, "start");
    moving.expect(0, "backfill", "--impact-factor=0");
    moving.expect(0, "verify", "--settle=1s", "--impact-factor=0");
    assertThat(printed(3, "cutover"))
        .contains("refused: ")
        .contains("replication-in-time (not covered: writers that do not use dimstore");
    assertThat(printed(0, "preflight", "--all-writers-use-dimstore"))
        .contains("the operator states that there are none")
        .contains("phase verified: ")
        .doesNotContain("WARNING");
    assertThat(printed(3, "cutover")).contains("refused: ").doesNotContain("replication-in-time");
  }

  @Test
  void replicationThatCarriesEveryChangeOpensTheGateWhileItIsThere() {
    MemoryChangeCarriers.cover(
        moving.sourceInstance(),
        new Coverage(List.of("peer dimstore"), List.of(), List.of(), 12, 1));
    assertThat(printed(0, "preflight"))
        .contains("changes of other writers are carried by peer dimstore")
        .doesNotContain("WARNING");
    assertThat(printed(0, "status")).containsPattern("ok +replication-in-time +lag 12 ms");
    MemoryChangeCarriers.uncover(moving.sourceInstance());
    assertThat(printed(0, "status")).containsPattern(CLOSED);
  }

  @Test
  void statementDoesNotReplaceAReplicationThatLacksChanges() {
    MemoryChangeCarriers.cover(
        moving.sourceInstance(),
        new Coverage(List.of("peer dimstore"), List.of("family f has scope 0"), List.of(), 0, 0));
    assertThat(printed(0, "preflight", "--all-writers-use-dimstore"))
        .contains("WARNING: not carried: family f has scope 0");
    assertThat(printed(0, "status"))
        .containsPattern("no +replication-in-time +not covered: family f has scope 0");
  }

  /** Runs a command, and returns what it has printed. */
  private String printed(int exitCode, String... arguments) {
    int before = moving.out().length();
    moving.expect(exitCode, arguments);
    return moving.out().substring(before);
  }
}
