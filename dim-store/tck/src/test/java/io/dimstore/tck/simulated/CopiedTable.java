// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.simulated;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.CommonOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * A table with copies of the rows that were read: a minimal implementation of {@link Maintenance}.
 * The system of record is a table that never removes tombstones by itself. Thread-safe, by one lock
 * per table.
 */
public final class CopiedTable extends DelegatingTable {

  /** How long a copy is read that a write did not reach. */
  static final Duration MAX_AGE = Duration.ofMinutes(10);

  private static final Duration RETENTION = CommonOptions.TOMBSTONE_RETENTION.defaultValue();

  /** The state that all stores share for one table. */
  static final class Shared {
    private final TableSpec created;
    private final Map<Key, Copy> copies = new LinkedHashMap<>();
    private final List<Key> pending = new ArrayList<>();
    private final Map<Key, End> ends = new HashMap<>();
    private final Set<Change> forgotten = new HashSet<>();

    Shared(TableSpec created) {
      this.created = created;
    }

    synchronized void wrap(Put copy, long now) {
      copies.put(copy.key(), new Copy(copy, now));
    }
  }

  private record Copy(Put put, long readAtMillis) {}

  /** The time from which retention counts: a delete's application, or a put's expiry. */
  private record End(long version, long atMillis) {}

  /**
   * How a store uses the copies.
   *
   * @param reachesCopies whether its writes invalidate the copies
   * @param ages whether it ignores copies that are too old
   * @param usesCopies whether the copies can be reached at the moment
   */
  record Use(boolean reachesCopies, boolean ages, java.util.function.BooleanSupplier usesCopies) {}

  private final TableSpec spec;
  private final Shared shared;
  private final Use use;
  private final InstantSource clock;

  CopiedTable(DimensionTable records, TableSpec spec, Shared shared, Use use, InstantSource clock) {
    super(records);
    this.spec = spec;
    this.shared = shared;
    this.use = use;
    this.clock = clock;
  }

  @Override
  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
    // Only whole rows are copied.
    boolean whole = columns.equals(spec.all()) && spec.values().equals(shared.created.values());
    if (!whole || !use.usesCopies.getAsBoolean()) {
      return inner.get(keys, columns);
    }
    synchronized (shared) {
      List<Key> missing = keys.stream().filter(key -> copyOf(key) == null).toList();
      if (missing.isEmpty() && !keys.isEmpty()) {
        return java.util.concurrent.CompletableFuture.completedFuture(answer(keys));
      }
      return inner
          .get(missing, columns)
          .thenApply(
              held -> {
                long now = clock.millis();
                held.stream()
                    .filter(put -> put != null)
                    .forEach(put -> shared.copies.put(put.key(), new Copy(put, now)));
                return answer(keys);
              });
    }
  }

  private List<Put> answer(List<Key> keys) {
    List<Put> found = new ArrayList<>();
    for (Key key : keys) {
      Put copy = copyOf(key);
      found.add(copy == null || copy.isExpiredAt(clock.millis()) ? null : copy);
    }
    return found;
  }

  /** Returns the copy of a key, or null if there is none or it is too old. */
  private Put copyOf(Key key) {
    Copy copy = shared.copies.get(key);
    boolean over =
        copy == null || (use.ages && clock.millis() - copy.readAtMillis() >= MAX_AGE.toMillis());
    return over ? null : copy.put();
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    synchronized (shared) {
      return inner
          .write(changes)
          .thenAccept(
              done -> {
                for (Change change : changes) {
                  shared.ends.merge(
                      change.key(),
                      endOf(change),
                      (held, next) -> next.version() >= held.version() ? next : held);
                  if (use.reachesCopies) {
                    shared.copies.remove(change.key());
                  } else {
                    shared.pending.add(change.key());
                  }
                }
              });
    }
  }

  private End endOf(Change change) {
    return new End(
        change.version(), change instanceof Put put ? put.expiresAtMillis() : clock.millis());
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return inner
        .scan(split, maxEntries)
        .thenApply(
            page -> {
              synchronized (shared) {
                return new ScanPage(
                    page.changes().stream().filter(x -> !shared.forgotten.contains(x)).toList(),
                    page.unreadable(),
                    page.remaining());
              }
            });
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    return inner
        .splits(1, ScanOptions.rows(spec.all()))
        .thenApply(
            open -> {
              synchronized (shared) {
                int examined = 0;
                int healed = 0;
                while (!shared.pending.isEmpty() && examined < maxKeys) {
                  examined++;
                  healed += shared.copies.remove(shared.pending.remove(0)) == null ? 0 : 1;
                }
                return new Repair(examined, healed, !shared.pending.isEmpty());
              }
            });
  }

  /** Returns the table with copies behind the simulated server. */
  public static CopiedTable of(DimensionTable table) {
    return (CopiedTable) ((SimulatedTable) table).inner;
  }

  /** Returns whether there is a copy that is too old to be read. */
  public boolean hasAgedCopy(Key key) {
    synchronized (shared) {
      return shared.copies.containsKey(key) && copyOf(key) == null;
    }
  }

  /** Sets copies, regardless of their previous content. Nulls are ignored. */
  public void fill(List<Put> puts) {
    long now = clock.millis();
    puts.stream().filter(put -> put != null).forEach(put -> shared.wrap(put, now));
  }

  /** Marks the copies of these keys as read now, atomically with regard to concurrent writes. */
  public void refresh(List<Key> keys) {
    synchronized (shared) {
      fill(copiesOf(keys));
    }
  }

  /** Returns the copies of these keys; null for keys without a copy. */
  public List<Put> copiesOf(List<Key> keys) {
    synchronized (shared) {
      List<Put> found = new ArrayList<>();
      keys.forEach(key -> found.add(copyOf(key)));
      return found;
    }
  }

  public List<Key> pending() {
    synchronized (shared) {
      return List.copyOf(shared.pending);
    }
  }

  /** Returns the rows of the system of record; null for absent rows. */
  public CompletionStage<List<Put>> recordsOf(List<Key> keys) {
    return inner.get(keys, spec.all());
  }

  public void dropPending(Predicate<Key> forgotten) {
    synchronized (shared) {
      shared.pending.removeIf(forgotten);
    }
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return inner
        .splits(1, ScanOptions.rows(spec.all()))
        .thenApply(
            open -> {
              synchronized (shared) {
                int keys = Math.min(maxKeys, shared.pending.size());
                Duration age = keys == 0 ? Duration.ZERO : Duration.ofMillis(1);
                return new Backlog(keys, keys < shared.pending.size(), age);
              }
            });
  }

  @Override
  public CompletionStage<List<ScanSplit>> checkSplits(int desired) {
    return inner.splits(1, ScanOptions.rows(spec.all())).thenApply(splits -> List.of(at(0)));
  }

  private ScanSplit at(int key) {
    return new ScanSplit("check/" + spec.name() + "/" + key);
  }

  @Override
  public CompletionStage<CheckPage> check(ScanSplit split, int maxKeys, boolean heal) {
    return inner
        .splits(1, ScanOptions.rows(spec.all()))
        .thenCompose(splits -> inner.scan(splits.get(0), Integer.MAX_VALUE))
        .thenApply(
            page -> {
              synchronized (shared) {
                return compare(page.changes(), split, maxKeys, heal);
              }
            });
  }

  private CheckPage compare(List<Change> rows, ScanSplit split, int maxKeys, boolean heal) {
    String own = "check/" + spec.name() + "/";
    if (!split.token().startsWith(own)) {
      throw StoreException.invalid("Not a split of table " + spec.name());
    }
    Map<Key, Put> records = new LinkedHashMap<>();
    rows.forEach(row -> records.put(row.key(), (Put) row));
    TreeSet<Key> keys = new TreeSet<>(Comparator.comparing(Key::toString));
    keys.addAll(records.keySet());
    keys.addAll(shared.copies.keySet());
    int from = Integer.parseInt(split.token().substring(own.length()));
    int to = Math.min(keys.size(), from + maxKeys);
    int inStep = 0;
    int notCopied = 0;
    List<Difference> differences = new ArrayList<>();
    for (Key key : new ArrayList<>(keys).subList(from, to)) {
      Put held = copyOf(key);
      Difference.Kind kind = held == null ? null : kind(records.get(key), held);
      if (held == null) {
        notCopied++;
      } else if (kind == null) {
        inStep++;
      } else {
        differences.add(new Difference(key, kind, heal));
      }
    }
    if (heal) {
      for (Difference one : differences) {
        Put right = records.get(one.key());
        if (right == null) {
          shared.copies.remove(one.key());
        } else {
          shared.wrap(right, clock.millis());
        }
      }
    }
    int gone =
        (int) differences.stream().filter(one -> heal && !records.containsKey(one.key())).count();
    return new CheckPage(
        to - from,
        to - from,
        inStep,
        notCopied,
        0,
        differences,
        to == keys.size() ? null : at(to - gone));
  }

  private Difference.Kind kind(Put row, Put held) {
    if (held.isExpiredAt(clock.millis())) {
      return null;
    }
    if (row == null || held.version() > row.version()) {
      return Difference.Kind.EXTRA;
    }
    if (held.version() < row.version()) {
      return Difference.Kind.STALE;
    }
    return held.equals(row) ? null : Difference.Kind.VALUE;
  }

  /**
   * Reads the range from the memory store's token: {@code
   * memory/1/table/columns/tombstones/from/to}.
   */
  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    ScanOptions all = new ScanOptions(spec.all(), null, null, true);
    return inner
        .scan(split, 1)
        .thenCompose(known -> inner.splits(1, all))
        .thenCompose(splits -> inner.scan(splits.get(0), Integer.MAX_VALUE))
        .thenApply(
            page -> {
              synchronized (shared) {
                return purge(page.changes(), split.token().split("/", -1), maxKeys);
              }
            });
  }

  private PurgePage purge(List<Change> changes, String[] token, int maxKeys) {
    KeyCodec codec = new KeyCodec(spec.key());
    TreeMap<String, Change> ordered = new TreeMap<>();
    changes.forEach(
        change -> ordered.put(HexFormat.of().formatHex(codec.encode(change.key())), change));
    int read = 0;
    int purged = 0;
    int kept = 0;
    for (Map.Entry<String, Change> entry : ordered.tailMap(token[5]).entrySet()) {
      if (!token[6].equals("-") && entry.getKey().compareTo(token[6]) >= 0) {
        break;
      }
      if (read == maxKeys) {
        String[] rest = token.clone();
        rest[5] = entry.getKey();
        return new PurgePage(read, purged, kept, new ScanSplit(String.join("/", rest)));
      }
      read++;
      Change change = entry.getValue();
      if (change instanceof Delete && !shared.forgotten.contains(change)) {
        boolean over =
            shared.ends.get(change.key()).atMillis() <= clock.millis() - RETENTION.toMillis();
        purged += over ? 1 : 0;
        kept += over ? 0 : 1;
        if (over) {
          shared.forgotten.add(change);
        }
      }
    }
    return new PurgePage(read, purged, kept, null);
  }
}
