package io.dimstore.tck;

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

/** A table that passes on every call, for others to override one. */
class SpoiledTable implements DimensionTable, ChangeFeed, Maintenance {

  final DimensionTable inner;

  SpoiledTable(DimensionTable inner) {
    this.inner = inner;
  }

  /** Spoils what get finds, row by row. */
  static DimensionTable found(DimensionTable inner, UnaryOperator<Put> spoiling) {
    return new SpoiledTable(inner) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return super.get(keys, columns).thenApply(rows -> each(rows, spoiling));
      }
    };
  }

  /** Spoils what is written, batch by batch. */
  static DimensionTable written(
      DimensionTable inner, Function<List<Change>, List<Change>> spoiling) {
    return new SpoiledTable(inner) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(spoiling.apply(changes));
      }
    };
  }

  /** Spoils what is written, put by put. */
  static DimensionTable puts(DimensionTable inner, UnaryOperator<Put> spoiling) {
    return written(
        inner,
        changes -> {
          List<Change> spoiled = new ArrayList<>();
          for (Change change : changes) {
            spoiled.add(change instanceof Put put ? spoiling.apply(put) : change);
          }
          return spoiled;
        });
  }

  /** The rows with each that is there changed. */
  static List<Put> each(List<Put> rows, UnaryOperator<Put> change) {
    List<Put> changed = new ArrayList<>();
    for (Put row : rows) {
      changed.add(row == null ? null : change.apply(row));
    }
    return changed;
  }

  /** All value columns as they are now stored; null also where that is not known at once. */
  static Put current(DimensionTable table, Put like) {
    return current(table, like.key(), Projection.all(like.row().size()));
  }

  /** These columns as they are now stored; null also where that is not known at once. */
  static Put current(DimensionTable table, Key key, Projection columns) {
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
    return ((ChangeFeed) inner).follow(start);
  }

  @Override
  public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
    return ((ChangeFeed) inner).poll(position, maxChanges);
  }

  private Maintenance maintenance() {
    return (Maintenance) inner;
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
