// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.mirror.control.ChangeCarriers.Coverage;
import io.dimstore.mirror.control.Intents;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job that still writes the old store itself would lose its writes at the cut-over. Preflight
 * finds it by its rows, once all jobs should write both stores.
 */
@Timeout(60)
class RowsSinceStartTest {

  private static final String REMEDY = "a program writes the old store alone";

  @TempDir Path folder;
  private MovingTable moving;
  private DimensionStore old;
  private DimensionStore target;

  @BeforeEach
  void start() throws Exception {
    moving = new MovingTable(folder, "downable-memory");
    old = moving.openOld();
    target = moving.openTarget();
    write(old, put("before", Instant.now().toEpochMilli()));
    moving.expect(0, "plan", "--propagation=10ms");
    moving.expect(0, "preflight", "--all-writers-use-dimstore");
    moving.expect(0, "start");
    moving.expect(0, "backfill", "--impact-factor=0");
  }

  @AfterEach
  void close() {
    MemoryChangeCarriers.uncover(moving.sourceInstance());
    DownableMemoryFactory.bringBack(moving.targetInstance());
    old.close();
    target.close();
    moving.close();
  }

  @Test
  void rowsOfTheMirrorAndRowsFromBeforeAreNoReasonToRefuse() {
    try (DimensionStore mirror = moving.openMirror()) {
      write(mirror, put("mirrored", later()));
      write(mirror, new Delete(Key.of("removed"), later()));
    }
    assertThat(preflight(0))
        .contains("2 of them were written since all writes go to both stores, and the new store")
        .contains("phase copied");
  }

  @Test
  void jobThatStillWritesTheOldStoreAloneIsFound() {
    try (DimensionStore mirror = moving.openMirror()) {
      write(mirror, put("mirrored", later()));
    }
    long version = later();
    write(old, put("alone", version));
    write(old, new Delete(Key.of("mirrored"), version));
    assertThat(preflight(3))
        .contains("WARNING: 2 of 2 sampled rows that were written since ")
        .contains("did not reach the new store: ")
        .contains("alone")
        .contains(REMEDY)
        .contains("phase copied");
    assertThat(gate())
        .startsWith("no")
        .contains("2 of 2 sampled rows that were written since ")
        .contains("did not reach the new store");

    // What was found holds until a preflight finds none, also if a replication is added.
    MemoryChangeCarriers.cover(
        moving.sourceInstance(),
        new Coverage(List.of("peer dimstore"), List.of(), List.of(), 0, 0));
    assertThat(gate()).startsWith("no").contains("did not reach the new store");

    write(target, put("alone", version));
    write(target, new Delete(Key.of("mirrored"), version));
    assertThat(preflight(0)).contains("2 of them were written since").doesNotContain(REMEDY);
    assertThat(gate()).startsWith("ok");
  }

  @Test
  void whatWasFoundHoldsWhileWritesArePending() throws Exception {
    Put alone = put("alone", later());
    write(old, alone);
    assertThat(preflight(3)).contains(REMEDY);
    write(target, alone);
    try (DimensionStore mirror = moving.openMirror()) {
      write(mirror, put("first", later()));
      DownableMemoryFactory.takeDown(moving.targetInstance());
      write(mirror, put("second", later()));
    }
    DownableMemoryFactory.bringBack(moving.targetInstance());
    assertThat(preflight(3))
        .contains(
            "writes are pending, so rows that did not reach the new store were not looked for")
        .contains("1 of 1 sampled rows that were written since ");
    assertThat(gate()).startsWith("no").contains("did not reach the new store");

    try (DimensionStore mirror = moving.openMirror()) {
      Intents intents = mirror.table(moving.spec()).capability(Intents.class).orElseThrow();
      while (intents.backlog(10).toCompletableFuture().join().keys() > 0) {
        intents.reconcile(10).toCompletableFuture().join();
      }
    }
    assertThat(preflight(0)).contains("3 of them were written since");
    assertThat(gate()).startsWith("ok");
  }

  @Test
  void dryRunFindsItTooAndKeepsNothing() {
    write(old, put("alone", later()));
    moving.expect(3, "preflight", "--settle=10ms", "--dry-run");
    assertThat(moving.out()).contains("preflight would be refused: ").contains(REMEDY);
    assertThat(gate()).startsWith("ok");
  }

  /** Returns a time after that from which on every job writes both stores. */
  private static long later() {
    return Instant.now().toEpochMilli() + 1_000;
  }

  private static Put put(String id, long version) {
    return new Put(Key.of(id), Row.of(1L), version);
  }

  private void write(DimensionStore store, Change change) {
    store.table(moving.spec()).write(List.of(change)).toCompletableFuture().join();
  }

  private String preflight(int exitCode) {
    int before = moving.out().length();
    moving.expect(exitCode, "preflight", "--all-writers-use-dimstore", "--settle=10ms");
    return moving.out().substring(before);
  }

  private String gate() {
    return moving.gate("replication-in-time");
  }
}
