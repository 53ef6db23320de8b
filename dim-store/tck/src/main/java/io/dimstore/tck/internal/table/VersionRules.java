// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.Versions;
import io.dimstore.tck.internal.fixture.Histories;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R3: a write applies if and only if its version is at least the stored one. */
public abstract class VersionRules {

  private final Kit kit;
  private final Rows rows;

  public VersionRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r3aANewerPutReplacesAnOlderOne() {
    Key key = rows.key("newer");
    rows.write(Rows.put(key, "old", 10));
    rows.write(Rows.put(key, "new", 11));
    rows.assertHas(Rows.put(key, "new", 11));
  }

  @Test
  void r3aOlderPutSucceedsWithoutEffect() {
    Key key = rows.key("older");
    rows.write(Rows.put(key, "new", 11));
    rows.write(Rows.put(key, "old", 10));
    rows.assertHas(Rows.put(key, "new", 11));
  }

  @Test
  void r3aOlderDeleteSucceedsWithoutEffect() {
    Key key = rows.key("older-delete");
    rows.write(Rows.put(key, "new", 11));
    rows.delete(key, 10);
    rows.assertHas(Rows.put(key, "new", 11));
  }

  @Test
  void r3aABatchOfOlderAndNewerChangesAppliesTheNewer() {
    Key ahead = rows.key("ahead");
    Key behind = rows.key("behind");
    rows.write(Rows.put(ahead, "stays", 100), Rows.put(behind, "goes", 1));
    rows.write(Rows.put(ahead, "older", 50), Rows.put(behind, "newer", 50));
    rows.assertHas(Rows.put(ahead, "stays", 100));
    rows.assertHas(Rows.put(behind, "newer", 50));
  }

  @Test
  void r3bOfEqualVersionsWrittenOneAfterTheOtherTheLaterWins() {
    Key key = rows.key("equal");
    for (String value : List.of("first", "second", "third")) {
      rows.write(Rows.put(key, value, 5));
      rows.assertHas(Rows.put(key, value, 5));
    }
  }

  @Test
  void r3dLowestAndHighestVersionAreValid() {
    Key key = rows.key("bounds");
    rows.write(Rows.put(key, "lowest", Versions.MIN));
    rows.assertHas(Rows.put(key, "lowest", Versions.MIN));
    rows.write(Rows.put(key, "highest", Versions.MAX));
    rows.assertHas(Rows.put(key, "highest", Versions.MAX));
    rows.write(Rows.put(key, "almost", Versions.MAX - 1));
    rows.assertHas(Rows.put(key, "highest", Versions.MAX));
  }

  /** Neighbours that are equal or swapped if compared as floating point, 32 bits or text. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        9,
        99,
        0x7fff_ffffL,
        0xffff_ffffL,
        1L << 32,
        1L << 53,
        (1L << 53) + 1,
        1_700_000_000_000L
      })
  void r3dNeighbouringVersionsAreDistinct(long version) {
    Key key = rows.key("neighbours-" + version);
    rows.write(Rows.put(key, "lower", version));
    rows.write(Rows.put(key, "upper", version + 1));
    rows.assertHas(Rows.put(key, "upper", version + 1));
    rows.write(Rows.put(key, "lower", version));
    rows.assertHas(Rows.put(key, "upper", version + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
  void r3eInvalidVersionFailsTheWriteAndNothingIsApplied(long version) {
    Key good = rows.key("good" + version);
    Key bad = rows.key("bad" + version);
    Key gone = rows.key("gone" + version);
    List<Change> batch =
        List.of(Rows.put(good, "x", 1), Rows.put(bad, "y", version), new Delete(gone, version));
    StoreException failure =
        kit.answers().assertFails(StoreException.Kind.INVALID, () -> rows.table().write(batch));
    assertThat(failure.keys())
        .as("R3, R11: every key to blame and no other (ChangeValidator.checkAll)")
        .containsExactlyInAnyOrder(bad, gone);
    assertThat(rows.getAll(List.of(good, bad, gone))).containsOnlyNulls();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void r3aRandomHistoriesOfPutsEqualAMap(long seed) {
    new Histories(kit, rows, false).run(seed);
  }

  @Test
  void r3fConcurrentWritersLeaveTheNewest() {
    int keys = 10;
    int versions = 40;
    List<List<Integer>> orders = new ArrayList<>();
    for (int k = 0; k < keys; k++) {
      List<Integer> order = new ArrayList<>(IntStream.rangeClosed(1, versions).boxed().toList());
      Collections.shuffle(order, new Random(k));
      orders.add(order);
    }
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (int i = 0; i < versions; i++) {
      List<Change> batch = new ArrayList<>();
      for (int k = 0; k < keys; k++) {
        Key key = rows.key("race" + k);
        int version = orders.get(k).get(i);
        batch.add(
            version % 4 == 0 && version < versions
                ? new Delete(key, version)
                : Rows.put(key, "v" + version, version));
      }
      writes.add(rows.table().write(batch));
    }
    writes.forEach(kit.answers()::await);
    for (int k = 0; k < keys; k++) {
      rows.assertHas(Rows.put(rows.key("race" + k), "v" + versions, versions));
    }
  }

  @Test
  void r3cAllReadersSeeTheSameOfTwoConcurrentWritesOfEqualVersion() {
    List<Key> keys = new ArrayList<>();
    List<CompletionStage<Void>> writes = new ArrayList<>();
    for (int k = 0; k < 20; k++) {
      Key key = rows.key("tie" + k);
      keys.add(key);
      writes.add(rows.table().write(List.of(Rows.put(key, "left", 7))));
      writes.add(rows.table().write(List.of(Rows.put(key, "right", 7))));
    }
    writes.forEach(kit.answers()::await);
    List<@Nullable Put> stands = rows.getAll(keys);
    for (int k = 0; k < keys.size(); k++) {
      Key key = keys.get(k);
      assertThat(stands.get(k)).isIn(Rows.put(key, "left", 7), Rows.put(key, "right", 7));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(rows.getAll(keys)).isEqualTo(stands);
    }
    assertThat(rows.scanOwn(false)).containsAll(new ArrayList<>(stands));
  }
}
