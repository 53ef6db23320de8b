// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.simulated;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A table that delegates every call; subclasses override some of them. */
public class DelegatingTable implements DimensionTable, ChangeFeed, Maintenance {

  final DimensionTable inner;

  public DelegatingTable(DimensionTable inner) {
    this.inner = inner;
  }

  /** Returns a table that changes each row of a get. */
  public static DimensionTable found(DimensionTable inner, UnaryOperator<Put> breaking) {
    return new DelegatingTable(inner) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return super.get(keys, columns).thenApply(rows -> each(rows, breaking));
      }
    };
  }

  /** Returns a table that changes each batch before it is written. */
  public static DimensionTable written(
      DimensionTable inner, Function<List<Change>, List<Change>> breaking) {
    return new DelegatingTable(inner) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(breaking.apply(changes));
      }
    };
  }

  /** Returns a table that changes each put before it is written. */
  public static DimensionTable puts(DimensionTable inner, UnaryOperator<Put> breaking) {
    return written(
        inner,
        changes -> {
          List<Change> spoiled = new ArrayList<>();
          for (Change change : changes) {
            spoiled.add(change instanceof Put put ? breaking.apply(put) : change);
          }
          return spoiled;
        });
  }

  /** Returns the rows, with each present row changed. */
  public static List<Put> each(List<Put> rows, UnaryOperator<Put> change) {
    List<Put> changed = new ArrayList<>();
    for (Put row : rows) {
      changed.add(row == null ? null : change.apply(row));
    }
    return changed;
  }

  /** Returns the stored row with all value columns, or null if absent or not known at once. */
  public static Put current(DimensionTable table, Put like) {
    return current(table, like.key(), Projection.all(like.row().size()));
  }

  /** Returns the stored row with these columns, or null if absent or not known at once. */
  public static Put current(DimensionTable table, Key key, Projection columns) {
    CompletableFuture<List<Put>> read = table.get(List.of(key), columns).toCompletableFuture();
    return read.isDone() && !read.isCompletedExceptionally() ? read.join().get(0) : null;
  }

  @Override
  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
    return inner.get(keys, columns);
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return inner.write(changes);
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return inner.splits(desired, options);
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return inner.scan(split, maxEntries);
  }

  @Override
  public CompletionStage<List<FeedPosition>> follow(Start start) {
    return inner.capability(ChangeFeed.class).orElseThrow().follow(start);
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    return inner.capability(ChangeFeed.class).orElseThrow().poll(position, maxChanges);
  }

  private Maintenance maintenance() {
    return inner.capability(Maintenance.class).orElseThrow();
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    return maintenance().repair(maxKeys);
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return maintenance().backlog(maxKeys);
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    return maintenance().checkSplits(desired);
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    return maintenance().check(split, maxKeys, heal);
  }

  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    return maintenance().purge(split, maxKeys);
  }
}
