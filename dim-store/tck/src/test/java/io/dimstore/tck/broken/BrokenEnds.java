// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.Versions;
import io.dimstore.tck.faults.DelegatingStore;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.DelegatingTable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/** Stores whose deletes and expiries are wrong. */
final class BrokenEnds {

  /** Versions from here on are timestamps of the present, not small numbers. */
  private static final long TIMESTAMPS = 1_000_000_000_000L;

  /** The first millisecond of the year 3000. */
  private static final long FAR = 32_503_680_000_000L;

  private static final Duration RETENTION = Duration.ofDays(7);

  private BrokenEnds() {}

  static List<Broken> all() {
    return List.of(
        Broken.tables(Clause.R4A, "ignores deletes of equal version", (t, c) -> strictlyNewer(t)),
        Broken.tables(Clause.R4B, "ignores only the first two late puts of a key", tiring()),
        new Broken(
            Clause.R4C,
            "counts retention from the version",
            forgetting(
                "0 ms",
                (change, now) ->
                    change instanceof Delete
                        && change.version() > TIMESTAMPS
                        && change.version() < now - RETENTION.toMillis())),
        new Broken(Clause.R4C, "counts retention from the first delete of a key", fromTheFirst()),
        Broken.tables(
            Clause.R4F,
            "scans no tombstones older than a day of keys that had no row",
            BrokenEnds::forgettingDays),
        new Broken(
            Clause.R4D,
            "forgets a tombstone a millisecond early",
            forgetting(
                "604799999 ms",
                (change, now) ->
                    change instanceof Delete
                        && change.version() > TIMESTAMPS
                        && Versions.isValid(change.version()))),
        Broken.tables(Clause.R4E, "makes old rows visible when a tombstone ends", uncovering(true)),
        Broken.tables(
            Clause.R4F, "scans no tombstones of keys that had no row", forgettingNeverSeen()),
        Broken.tables(
            Clause.R8A,
            "hides a row a millisecond before its expiry",
            (t, c) ->
                DelegatingTable.found(t, put -> put.isExpiredAt(c.millis() + 1) ? null : put)),
        Broken.tables(
            Clause.R8B, "keeps the old row if the new one arrives expired", BrokenEnds::keeping),
        new Broken(
            Clause.R8C,
            "forgets a row at its expiry",
            forgetting(
                "0 ms",
                (change, now) ->
                    change instanceof Put put
                        && put.expiresAtMillis() != Put.NEVER
                        && put.version() > TIMESTAMPS)),
        Broken.tables(
            Clause.R8D, "makes old rows visible when an expired row ends", uncovering(false)),
        Broken.tables(
            Clause.R8E,
            "treats an expiry in the far future as none",
            (t, c) ->
                DelegatingTable.found(
                    t, put -> put.expiresAtMillis() > FAR ? until(put, Put.NEVER) : put)));
  }

  /** A second delete, days after the first, is remembered for a day. */
  private static Broken.Opening fromTheFirst() {
    Map<Key, Long> deleted = new ConcurrentHashMap<>();
    return forgetting(
        "1 d",
        (change, now) -> {
          Long first = change instanceof Delete ? deleted.putIfAbsent(change.key(), now) : null;
          return first != null && now - first > Duration.ofDays(1).toMillis();
        });
  }

  private static DimensionTable forgettingDays(DimensionTable table, InstantSource clock) {
    // Uses the texts of keys, because R14f tests that keys are not held.
    Map<String, Long> deleted = new ConcurrentHashMap<>();
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        long now = clock.millis();
        for (Change change : changes) {
          // The first change of a key decides, even if there was a row before.
          deleted.putIfAbsent(
              change.key().toString(), change instanceof Delete ? now : Long.MAX_VALUE);
        }
        return super.write(changes);
      }

      @Override
      public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
        long since = clock.millis() - Duration.ofDays(1).toMillis();
        return super.scan(split, maxEntries)
            .thenApply(
                page ->
                    new ScanPage(
                        page.changes().stream()
                            .filter(
                                x ->
                                    x instanceof Put
                                        || deleted.getOrDefault(x.key().toString(), since) >= since)
                            .toList(),
                        page.unreadable(),
                        page.remaining()));
      }
    };
  }

  private static DimensionTable strictlyNewer(DimensionTable table) {
    return DelegatingTable.written(
        table,
        changes ->
            changes.stream()
                .filter(change -> !(change instanceof Delete && isOfEqualVersion(table, change)))
                .toList());
  }

  private static boolean isOfEqualVersion(DimensionTable table, Change change) {
    Put current = current(table, change.key());
    return current != null && current.version() == change.version();
  }

  /** Returns the row without its columns, or null if it is absent. */
  private static Put current(DimensionTable table, Key key) {
    return DelegatingTable.current(table, key, Projection.of());
  }

  private static Broken.Breaking tiring() {
    Map<Key, Long> deleted = new ConcurrentHashMap<>();
    Map<Key, Integer> hidden = new ConcurrentHashMap<>();
    return (table, clock) ->
        DelegatingTable.written(
            table,
            changes -> {
              if (changes.size() > 1) {
                return changes;
              }
              List<Change> tired = new ArrayList<>();
              for (Change change : changes) {
                Long tombstone = deleted.get(change.key());
                if (change instanceof Delete) {
                  deleted.merge(change.key(), change.version(), Math::max);
                } else if (tombstone != null
                    && change.version() < tombstone
                    && current(table, change.key()) == null
                    && hidden.merge(change.key(), 1, Integer::sum) > 2) {
                  tired.add(BrokenWrites.withVersion(change, tombstone));
                  continue;
                }
                tired.add(change);
              }
              return tired;
            });
  }

  private static Broken.Breaking forgettingNeverSeen() {
    java.util.Set<Key> seen = ConcurrentHashMap.newKeySet();
    return (table, clock) ->
        new DelegatingTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            return super.write(changes)
                .thenRun(
                    () ->
                        changes.stream()
                            .filter(Put.class::isInstance)
                            .forEach(put -> seen.add(put.key())));
          }

          @Override
          public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
            return super.scan(split, maxEntries)
                .thenApply(
                    page ->
                        new ScanPage(
                            page.changes().stream()
                                .filter(x -> x instanceof Put || seen.contains(x.key()))
                                .toList(),
                            page.unreadable(),
                            page.remaining()));
          }
        };
  }

  private static DimensionTable keeping(DimensionTable table, InstantSource clock) {
    return DelegatingTable.written(
        table,
        changes ->
            changes.stream()
                .filter(
                    change ->
                        !(change instanceof Put put
                            && put.isExpiredAt(clock.millis())
                            && current(table, put.key()) != null))
                .toList());
  }

  /** Writes some changes through a store with another tombstone retention. */
  private static Broken.Opening forgetting(String retention, BiPredicate<Change, Long> forgotten) {
    return (sound, extra, metrics, clock) -> {
      Map<String, String> none = new HashMap<>(extra);
      none.put("tombstone-retention", retention);
      DimensionStore forgetful = sound.open(none, metrics, clock);
      DimensionStore store = sound.open(extra, metrics, clock);
      return new DelegatingStore(store, table -> table) {
        @Override
        public DimensionTable table(TableSpec spec) {
          DimensionTable other = forgetful.table(spec);
          return new DelegatingTable(super.table(spec)) {
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

  /** After the retention of a tombstone or expired row, shows the last row without an expiry. */
  private static Broken.Breaking uncovering(boolean deletes) {
    Map<Key, Put> last = new ConcurrentHashMap<>();
    Map<Key, Long> ended = new ConcurrentHashMap<>();
    return (table, clock) ->
        new DelegatingTable(table) {
          @Override
          public CompletionStage<Void> write(List<Change> changes) {
            return super.write(changes).thenRun(() -> changes.forEach(this::remember));
          }

          private void remember(Change change) {
            if (change instanceof Put put && put.expiresAtMillis() == Put.NEVER) {
              last.put(put.key(), put);
            } else if (change.version() > TIMESTAMPS && deletes == change instanceof Delete) {
              ended.put(
                  change.key(), change instanceof Put put ? put.expiresAtMillis() : clock.millis());
            }
          }

          @Override
          public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
            return super.get(keys, columns)
                .thenApply(
                    rows -> {
                      List<Put> uncovered = new ArrayList<>();
                      for (int i = 0; i < keys.size(); i++) {
                        Long at = ended.get(keys.get(i));
                        boolean over = at != null && clock.millis() - at >= RETENTION.toMillis();
                        Put row = rows.get(i);
                        uncovered.add(row == null && over ? last.get(keys.get(i)) : row);
                      }
                      return uncovered;
                    });
          }
        };
  }

  private static Put until(Put put, long expiresAtMillis) {
    return new Put(put.key(), put.row(), put.version(), expiresAtMillis);
  }
}
