package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.CommonOptions;
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

/**
 * A table with copies of the rows that were read: the smallest that {@link Maintenance} is true of.
 * The truth is a table that forgets nothing by itself. Thread-safe, by one lock per table.
 */
final class CopiedTable extends SpoiledTable {

  /** How long a copy is read that was not told of a write. */
  static final Duration MAX_AGE = Duration.ofMinutes(10);

  private static final Duration RETENTION = CommonOptions.TOMBSTONE_RETENTION.defaultValue();

  /** What all openings of one table share. */
  static final class Shared {
    private final TableSpec created;
    private final Map<Key, Copy> copies = new LinkedHashMap<>();
    private final List<Key> owed = new ArrayList<>();
    private final Map<Key, End> ends = new HashMap<>();
    private final Set<Change> forgotten = new HashSet<>();

    Shared(TableSpec created) {
      this.created = created;
    }

    synchronized void spoil(Put says, long now) {
      copies.put(says.key(), new Copy(says, now));
    }
  }

  private record Copy(Put put, long readAtMillis) {}

  /** When a change has ended: a delete when it was applied, a put at its expiry. */
  private record End(long version, long atMillis) {}

  /**
   * What an opening may do.
   *
   * @param reachesCopies whether its writes are told to the copies
   * @param ages whether it leaves copies alone that are too old
   * @param usesCopies whether the copies can be reached at the moment
   */
  record Way(boolean reachesCopies, boolean ages, java.util.function.BooleanSupplier usesCopies) {}

  private final TableSpec spec;
  private final Shared shared;
  private final Way way;
  private final InstantSource clock;

  CopiedTable(DimensionTable truth, TableSpec spec, Shared shared, Way way, InstantSource clock) {
    super(truth);
    this.spec = spec;
    this.shared = shared;
    this.way = way;
    this.clock = clock;
  }

  @Override
  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
    // Whole rows alone are copied.
    boolean whole = columns.equals(spec.all()) && spec.values().equals(shared.created.values());
    if (!whole || !way.usesCopies.getAsBoolean()) {
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
      Put says = copyOf(key);
      found.add(says == null || says.isExpiredAt(clock.millis()) ? null : says);
    }
    return found;
  }

  /** What the copy says of a key, or null. */
  private Put copyOf(Key key) {
    Copy copy = shared.copies.get(key);
    boolean over =
        copy == null || way.ages && clock.millis() - copy.readAtMillis() >= MAX_AGE.toMillis();
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
                  if (way.reachesCopies) {
                    shared.copies.remove(change.key());
                  } else {
                    shared.owed.add(change.key());
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
                while (!shared.owed.isEmpty() && examined < maxKeys) {
                  examined++;
                  healed += shared.copies.remove(shared.owed.remove(0)) == null ? 0 : 1;
                }
                return new Repair(examined, healed, !shared.owed.isEmpty());
              }
            });
  }

  void forgetWhatIsOwed() {
    synchronized (shared) {
      shared.owed.clear();
    }
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return inner
        .splits(1, ScanOptions.rows(spec.all()))
        .thenApply(
            open -> {
              synchronized (shared) {
                int keys = Math.min(maxKeys, shared.owed.size());
                Duration age = keys == 0 ? Duration.ZERO : Duration.ofMillis(1);
                return new Backlog(keys, keys < shared.owed.size(), age);
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
      throw StoreException.invalid("No split of table " + spec.name());
    }
    Map<Key, Put> truth = new LinkedHashMap<>();
    rows.forEach(row -> truth.put(row.key(), (Put) row));
    TreeSet<Key> keys = new TreeSet<>(Comparator.comparing(Key::toString));
    keys.addAll(truth.keySet());
    keys.addAll(shared.copies.keySet());
    int from = Integer.parseInt(split.token().substring(own.length()));
    int to = Math.min(keys.size(), from + maxKeys);
    int inStep = 0;
    int notCopied = 0;
    List<Difference> differences = new ArrayList<>();
    for (Key key : new ArrayList<>(keys).subList(from, to)) {
      Put held = copyOf(key);
      Difference.Kind kind = held == null ? null : kind(truth.get(key), held);
      if (held == null) {
        notCopied++;
      } else if (kind == null) {
        inStep++;
      } else {
        differences.add(new Difference(key, kind, heal));
      }
    }
    // What is healed is not copied until it is read again: then no position moves.
    if (heal) {
      for (Difference one : differences) {
        Put right = truth.get(one.key());
        if (right == null) {
          shared.copies.remove(one.key());
        } else {
          shared.spoil(right, clock.millis());
        }
      }
    }
    int gone =
        (int) differences.stream().filter(one -> heal && !truth.containsKey(one.key())).count();
    return new CheckPage(
        to - from,
        to - from,
        inStep,
        notCopied,
        0,
        differences,
        to == keys.size() ? null : at(to - gone));
  }

  private Difference.Kind kind(Put truth, Put held) {
    if (held.isExpiredAt(clock.millis())) {
      return null;
    }
    if (truth == null || held.version() > truth.version()) {
      return Difference.Kind.EXTRA;
    }
    if (held.version() < truth.version()) {
      return Difference.Kind.STALE;
    }
    return held.equals(truth) ? null : Difference.Kind.VALUE;
  }

  /**
   * Goes by the bounds in the memory store's token: {@code memory/1/table/columns/what/from/to}.
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
      if (!token[6].equals("end") && entry.getKey().compareTo(token[6]) >= 0) {
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
