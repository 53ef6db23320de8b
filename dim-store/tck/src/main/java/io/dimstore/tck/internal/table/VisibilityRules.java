// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Parallel;
import io.dimstore.tck.internal.fixture.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

/** R13: a get that begins after a successful write sees that write or a newer one. */
public abstract class VisibilityRules {

  private static final int WRITERS = 4;
  private static final int KEYS = 12;

  private final Kit kit;
  private final Rows rows;

  public VisibilityRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r13aAGetAfterAWriteSeesIt() {
    Key key = rows.key("mine");
    for (int version = 1; version <= 50; version++) {
      rows.assertNewest(write(key, version % 5 == 0, version));
    }
  }

  @Test
  void r13bGetThroughAnotherStoreSeesTheWrite() {
    Rows other = rows.through(kit.open(Map.of()));
    Key key = rows.key("others");
    for (int version = 1; version <= 20; version++) {
      // The other store reads first, so that it may have cached an older version.
      other.get(key);
      other.assertNewest(write(key, version % 4 == 0, version));
    }
  }

  /** The other store reads only some of the columns. */
  @Test
  void r13bGetOfSomeColumnsThroughAnotherStoreSeesTheWrite() {
    Rows other = rows.through(kit.open(Map.of()));
    Key key = rows.key("columns");
    Projection some = rows.spec().project("n");
    for (int version = 1; version <= 5; version++) {
      kit.answers().await(other.table().get(List.of(key), some));
      Put put = Rows.put(key, "v" + version, version);
      rows.write(put);
      assertThat(kit.answers().await(other.table().get(List.of(key), some)))
          .containsExactly(new Put(key, put.row().project(some), version));
    }
  }

  @Test
  void r13cNoReaderSeesAnOlderVersionThanAnAcknowledgedWrite() {
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
      Parallel.start(writers).joinMany(kit.answers());
    } finally {
      writing.set(false);
    }
    reading.joinMany(kit.answers());
  }

  /** Each writer writes every fourth key, with increasing versions. */
  private void writeVersions(int writer, AtomicLongArray acknowledged) {
    for (long version = 1; version <= 30; version++) {
      for (int k = writer; k < KEYS; k += WRITERS) {
        rows.write(Rows.put(rows.key("up" + k), "v" + version, version));
        acknowledged.set(k, version);
      }
    }
  }

  /**
   * Reads until the writers have ended, and once more: on a busy machine a reader may have no turn
   * between the first write and the last one.
   */
  private void readVersions(Random random, AtomicLongArray acknowledged, AtomicBoolean writing) {
    boolean last;
    do {
      last = !writing.get();
      int k = random.nextInt(KEYS);
      long atLeast = acknowledged.get(k);
      Put found = rows.get(rows.key("up" + k));
      long seen = found == null ? 0 : found.version();
      assertThat(seen)
          .as("R13: version read, at least the acknowledged one")
          .isGreaterThanOrEqualTo(atLeast);
    } while (!last);
  }

  /** These writes do not reach the copies, and no repair runs. */
  @Test
  void r13dCopyThatAWriteDidNotReachIsReadForAtMostMaxAge() {
    Duration maxAge = kit.harness().maxAge();
    if (maxAge.isZero()) {
      return;
    }
    Put old = Rows.put(rows.key("aged"), "old", 1);
    Put removed = Rows.put(rows.key("aged-removed"), "old", 1);
    Put born = Rows.put(rows.key("aged-born"), "new", 1);
    rows.write(old, removed);
    List<Key> keys = List.of(old.key(), removed.key(), born.key());
    // Reads a miss and then hits, if reading fills copies.
    for (int i = 0; i < 3; i++) {
      assertThat(rows.getAll(keys)).containsExactly(old, removed, null);
    }
    Put fresh = Rows.put(old.key(), "new", 2);
    Rows withoutCopies = rows.through(kit.open(kit.harness().withoutCopies()));
    withoutCopies.write(fresh, new Delete(removed.key(), 2), born);
    assertThat(rows.getAll(keys).get(0)).as("old or new").isIn(old, fresh);
    kit.clock().advance(maxAge);
    kit.harness().advanceServers(maxAge);
    assertThat(rows.getAll(keys)).as("rows read after max-age").containsExactly(fresh, null, born);
  }

  /** A copy that a write did not reach is read again and again. */
  @Test
  void r13dReadingACopyDoesNotKeepItFresh() {
    Duration quarter = kit.harness().maxAge().dividedBy(4);
    if (quarter.isZero()) {
      return;
    }
    Put old = Rows.put(rows.key("kept"), "old", 1);
    rows.write(old);
    for (int i = 0; i < 2; i++) {
      rows.assertHas(old);
    }
    Put fresh = Rows.put(old.key(), "new", 2);
    rows.through(kit.open(kit.harness().withoutCopies())).write(fresh);
    for (int i = 0; i < 4; i++) {
      assertThat(rows.get(old.key())).as("old or new").isIn(old, fresh);
      kit.clock().advance(quarter);
      kit.harness().advanceServers(quarter);
    }
    rows.assertHas(fresh);
  }

  private Change write(Key key, boolean delete, long version) {
    Change change = delete ? new Delete(key, version) : Rows.put(key, "v" + version, version);
    rows.write(change);
    return change;
  }
}
