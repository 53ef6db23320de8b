// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InsertingTableTest {

  private static final Key KNOWN = Key.of("known");
  private static final Key NEW = Key.of("new");
  private static final Key REFUSED = Key.of("refused");

  private final Recorded stored = new Recorded();
  private final InsertingTable table = new InsertingTable(stored, 2);

  @Test
  void allAbsentKeysAreInsertedByOneWriteAndReadByOneMoreRead() {
    List<@Nullable Put> found = get(NEW, KNOWN, Key.of("other"), NEW);

    assertThat(found.get(0)).isEqualTo(new Put(NEW, Row.of(null, null), 0)).isEqualTo(found.get(3));
    assertThat(found.get(1)).isEqualTo(stored.rows.get(KNOWN));
    assertThat(stored.writes).hasSize(1);
    assertThat(stored.writes.get(0)).hasSize(2);
    assertThat(stored.reads).hasSize(2);
    assertThat(stored.reads.get(1)).containsExactly(NEW, Key.of("other"));
  }

  @Test
  void nothingIsWrittenIfAllKeysHaveRows() {
    get(KNOWN, KNOWN);

    assertThat(stored.writes).isEmpty();
    assertThat(stored.reads).hasSize(1);
  }

  @Test
  void keyThatTheStoreCannotHoldStaysAbsent() {
    List<@Nullable Put> found = get(REFUSED, NEW);

    assertThat(found.get(0)).isNull();
    assertThat(found.get(1)).isEqualTo(new Put(NEW, Row.of(null, null), 0));
  }

  @Test
  void failedWriteFailsTheRead() {
    stored.failure = new StoreException(StoreException.Kind.THROTTLED, "too many");

    assertThatThrownBy(() -> get(NEW))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(StoreException.class)
        .hasMessageContaining("too many");
  }

  private List<@Nullable Put> get(Key... keys) {
    return table.get(List.of(keys), Projection.all(2)).toCompletableFuture().join();
  }

  /** Keeps rows in a map, and records the calls. */
  private static final class Recorded implements DimensionTable {

    private final Map<Key, Put> rows = new HashMap<>();
    private final List<List<Key>> reads = new ArrayList<>();
    private final List<List<Change>> writes = new ArrayList<>();
    private @Nullable StoreException failure;

    private Recorded() {
      rows.put(KNOWN, new Put(KNOWN, Row.of("a", 1L), 9));
    }

    @Override
    public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
      reads.add(keys);
      List<@Nullable Put> found = new ArrayList<>();
      keys.forEach(key -> found.add(rows.get(key)));
      return CompletableFuture.completedStage(found);
    }

    @Override
    public CompletionStage<Void> write(List<Change> changes) {
      if (failure != null) {
        return CompletableFuture.failedStage(failure);
      }
      if (changes.stream().anyMatch(change -> change.key().equals(REFUSED))) {
        return CompletableFuture.failedStage(StoreException.invalid("no", List.of(REFUSED)));
      }
      writes.add(changes);
      changes.forEach(change -> rows.put(change.key(), (Put) change));
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
      throw new UnsupportedOperationException();
    }
  }
}
