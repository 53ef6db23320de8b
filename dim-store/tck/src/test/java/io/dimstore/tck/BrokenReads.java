package io.dimstore.tck;

import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Stores whose get is wrong. */
final class BrokenReads {

  private BrokenReads() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables(1, "answers in the order of keys' hashes", (inner, clock) -> sorted(inner)),
        Broken.tables(1, "answers a key once that was asked twice", (inner, clock) -> once(inner)),
        Broken.tables(1, "reads a key as often as asked", (inner, clock) -> oneByOne(inner)),
        Broken.tables(1, "takes at most 100 keys", (inner, clock) -> limited(inner)),
        Broken.tables(
            2, "takes for absent what exceeds one response", (inner, clock) -> cut(inner)),
        Broken.tables(
            6,
            "takes a row of nulls for absent",
            (inner, clock) -> SpoiledTable.found(inner, BrokenReads::unlessAllNull)),
        Broken.tables(10, "fails all keys for one that is none", (inner, clock) -> picky(inner)),
        Broken.tables(13, "answers from a cache that no write clears", cached()));
  }

  private static DimensionTable sorted(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        List<Key> order = new ArrayList<>(keys);
        order.sort((a, b) -> Integer.compare(a.hashCode(), b.hashCode()));
        return super.get(order, columns);
      }
    };
  }

  private static DimensionTable once(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return super.get(List.copyOf(new LinkedHashSet<>(keys)), columns);
      }
    };
  }

  private static DimensionTable oneByOne(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        CompletionStage<List<Put>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Key key : keys) {
          all =
              all.thenCombine(
                  super.get(List.of(key), columns),
                  (rows, next) -> {
                    rows.addAll(next);
                    return rows;
                  });
        }
        return all;
      }
    };
  }

  private static DimensionTable limited(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return keys.size() <= 100
            ? super.get(keys, columns)
            : CompletableFuture.failedFuture(StoreException.invalid("Too many keys"));
      }
    };
  }

  private static DimensionTable cut(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        long[] left = {16L << 20};
        return super.get(keys, columns)
            .thenApply(
                rows ->
                    SpoiledTable.each(
                        rows, row -> (left[0] -= textLength(row.row())) < 0 ? null : row));
      }
    };
  }

  private static int textLength(Row row) {
    int length = 0;
    for (int i = 0; i < row.size(); i++) {
      length += row.get(i) instanceof String text ? text.length() : 8;
    }
    return length;
  }

  private static Put unlessAllNull(Put put) {
    for (int i = 0; i < put.row().size(); i++) {
      if (put.row().get(i) != null) {
        return put;
      }
    }
    return null;
  }

  private static DimensionTable picky(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return keys.stream().anyMatch(key -> key.get(0).equals(""))
            ? CompletableFuture.failedFuture(StoreException.invalid("An empty key"))
            : super.get(keys, columns);
      }
    };
  }

  private static Broken.Spoiling cached() {
    return (inner, clock) -> {
      Map<Key, Put> cache = new ConcurrentHashMap<>();
      return new SpoiledTable(inner) {
        @Override
        public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
          return super.get(keys, columns)
              .thenApply(
                  rows ->
                      SpoiledTable.each(rows, row -> cache.computeIfAbsent(row.key(), key -> row)));
        }
      };
    };
  }
}
