package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/** Stores whose deletes and expiries are wrong. */
final class BrokenEnds {

  private static final long MINUTE = 60_000;

  private BrokenEnds() {}

  static List<Broken> all() {
    return List.of(
        Broken.options(4, "forgets deletes at once", Map.of("tombstone-retention", "0 ms")),
        new Broken(
            4,
            "counts retention from the version",
            forgetting(
                (change, now) ->
                    change instanceof Delete
                        && change.version() < now - Duration.ofDays(7).toMillis())),
        Broken.tables(4, "ignores deletes of absent keys", (t, c) -> deletingWhatIsThere(t)),
        Broken.tables(4, "uncovers old rows when a tombstone ends", uncovering()),
        Broken.tables(4, "always scans tombstones", (t, c) -> scanning(t, true)),
        Broken.tables(4, "never scans tombstones", (t, c) -> scanning(t, false)),
        Broken.tables(8, "keeps time by the second", (t, c) -> bySecond(t)),
        Broken.tables(8, "shows a row until the server deletes it", (t, c) -> lingering(t)),
        Broken.tables(
            8,
            "drops what arrives expired",
            (t, c) ->
                SpoiledTable.written(
                    t,
                    changes ->
                        changes.stream()
                            .filter(x -> !(x instanceof Put put && put.isExpiredAt(c.millis())))
                            .toList())),
        new Broken(
            8,
            "forgets a row with its expiry",
            forgetting(
                (change, now) -> change instanceof Put put && put.expiresAtMillis() != Put.NEVER)));
  }

  /** Writes some changes through an opening that remembers no deletes. */
  private static Broken.Opening forgetting(BiPredicate<Change, Long> forgotten) {
    return (sound, extra, metrics, clock) -> {
      Map<String, String> none = new HashMap<>(extra);
      none.put("tombstone-retention", "0 ms");
      DimensionStore forgetful = sound.open(none, metrics, clock);
      DimensionStore store = sound.open(extra, metrics, clock);
      return new SpoiledStore(store, table -> table) {
        @Override
        public DimensionTable table(TableSpec spec) {
          DimensionTable other = forgetful.table(spec);
          return new SpoiledTable(super.table(spec)) {
            @Override
            public CompletionStage<Void> write(List<Change> changes) {
              List<Change> kept = new ArrayList<>();
              List<Change> dropped = new ArrayList<>();
              for (Change change : changes) {
                (forgotten.test(change, clock.millis()) ? dropped : kept).add(change);
              }
              return super.write(kept).thenCompose(done -> other.write(dropped));
            }
          };
        }

        @Override
        public void close() {
          forgetful.close();
          super.close();
        }
      };
    };
  }

  private static DimensionTable deletingWhatIsThere(DimensionTable table) {
    return SpoiledTable.written(
        table,
        changes ->
            changes.stream().filter(c -> c instanceof Put || isThere(table, c.key())).toList());
  }

  private static boolean isThere(DimensionTable table, Key key) {
    return table.get(List.of(key), Projection.of()).toCompletableFuture().join().get(0) != null;
  }

  private static Broken.Spoiling uncovering() {
    Map<Key, Put> last = new ConcurrentHashMap<>();
    Map<Key, Long> deleted = new ConcurrentHashMap<>();
    return (table, clock) ->
        new SpoiledTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            for (Change change : changes) {
              if (change instanceof Put put) {
                last.put(put.key(), put);
              } else {
                deleted.put(change.key(), clock.millis());
              }
            }
            return super.write(changes);
          }

          @Override
          public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
            return super.get(keys, columns)
                .thenApply(
                    rows -> {
                      List<Put> uncovered = new ArrayList<>();
                      for (int i = 0; i < keys.size(); i++) {
                        Long at = deleted.get(keys.get(i));
                        boolean ended =
                            at != null && clock.millis() - at > Duration.ofDays(7).toMillis();
                        Put row = rows.get(i);
                        uncovered.add(row == null && ended ? last.get(keys.get(i)) : row);
                      }
                      return uncovered;
                    });
          }
        };
  }

  private static DimensionTable scanning(DimensionTable table, boolean tombstones) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
        return super.splits(
            desired, new ScanOptions(options.columns(), options.from(), options.to(), tombstones));
      }
    };
  }

  private static DimensionTable bySecond(DimensionTable table) {
    return SpoiledTable.puts(
        table,
        put ->
            put.expiresAtMillis() == Put.NEVER
                ? put
                : until(put, (put.expiresAtMillis() + 999) / 1_000 * 1_000));
  }

  private static DimensionTable lingering(DimensionTable table) {
    return SpoiledTable.found(
        SpoiledTable.puts(
            table,
            put ->
                put.expiresAtMillis() == Put.NEVER
                    ? put
                    : until(put, put.expiresAtMillis() + MINUTE)),
        put ->
            put.expiresAtMillis() == Put.NEVER ? put : until(put, put.expiresAtMillis() - MINUTE));
  }

  private static Put until(Put put, long expiresAtMillis) {
    return new Put(put.key(), put.row(), put.version(), expiresAtMillis);
  }
}
