package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.CommonOptions;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.Difference.Kind;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A table with a copy of what was read, for one thread at a time: the smallest that {@link
 * Maintenance} is true of. The truth is a table that forgets nothing by itself.
 */
final class CopiedTable extends MaintainedTable {

  private static final Duration RETENTION = CommonOptions.TOMBSTONE_RETENTION.defaultValue();

  /** What all openings of one table share. */
  static final class Shared {
    final Map<Key, Put> copy = new LinkedHashMap<>();
    final List<Key> owed = new ArrayList<>();
    final Map<Key, Long> ends = new LinkedHashMap<>();
    final Set<Change> forgotten = new HashSet<>();
  }

  private final TableSpec spec;
  private final Shared shared;
  private final boolean reachesCopies;
  private final InstantSource clock;

  CopiedTable(
      DimensionTable truth,
      TableSpec spec,
      Shared shared,
      boolean reachesCopies,
      InstantSource clock) {
    super(truth);
    this.spec = spec;
    this.shared = shared;
    this.reachesCopies = reachesCopies;
    this.clock = clock;
  }

  @Override
  public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
    return inner
        .get(keys, columns)
        .thenApply(
            held -> {
              List<Put> found = new ArrayList<>();
              for (int i = 0; i < keys.size(); i++) {
                Put put = held.get(i);
                if (put != null) {
                  shared.copy.putIfAbsent(keys.get(i), put);
                }
                Put says = shared.copy.get(keys.get(i));
                found.add(says == null || says.isExpiredAt(clock.millis()) ? null : says);
              }
              return found;
            });
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return inner
        .write(changes)
        .thenAccept(
            done -> {
              for (Change change : changes) {
                long end = change instanceof Put put ? put.expiresAtMillis() : clock.millis();
                shared.ends.put(change.key(), end);
                if (reachesCopies) {
                  shared.copy.remove(change.key());
                } else {
                  shared.owed.add(change.key());
                }
              }
            });
  }

  /** In one part, so that a purge has one last page. */
  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return inner.splits(1, options);
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return inner
        .scan(split, maxEntries)
        .thenApply(
            page ->
                new ScanPage(
                    page.changes().stream().filter(x -> !shared.forgotten.contains(x)).toList(),
                    page.unreadable(),
                    page.remaining()));
  }

  @Override
  public CompletionStage<Repair> repair(int maxKeys) {
    return inner
        .splits(1, ScanOptions.rows(spec.all()))
        .thenApply(
            open -> {
              int examined = 0;
              int healed = 0;
              while (!shared.owed.isEmpty() && examined < maxKeys) {
                examined++;
                healed += shared.copy.remove(shared.owed.remove(0)) == null ? 0 : 1;
              }
              return new Repair(examined, healed, !shared.owed.isEmpty());
            });
  }

  void forgetWhatIsOwed() {
    shared.owed.clear();
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return inner
        .splits(1, ScanOptions.rows(spec.all()))
        .thenApply(
            open -> {
              int keys = Math.min(maxKeys, shared.owed.size());
              Duration age = keys == 0 ? Duration.ZERO : Duration.ofMillis(1);
              return new Backlog(keys, keys < shared.owed.size(), age);
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
        .thenCompose(
            splits ->
                inner
                    .scan(splits.get(0), Integer.MAX_VALUE)
                    .thenApply(page -> compare(page.changes(), split, maxKeys, heal)));
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
    keys.addAll(shared.copy.keySet());
    int from = Integer.parseInt(split.token().substring(own.length()));
    int to = Math.min(keys.size(), from + maxKeys);
    int inStep = 0;
    int notCopied = 0;
    List<Difference> differences = new ArrayList<>();
    for (Key key : new ArrayList<>(keys).subList(from, to)) {
      Put held = shared.copy.get(key);
      Kind kind = held == null ? null : kind(truth.get(key), held);
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
      differences.forEach(
          one -> shared.copy.computeIfPresent(one.key(), (key, held) -> truth.get(key)));
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

  private static Kind kind(Put truth, Put held) {
    if (truth == null || held.version() > truth.version()) {
      return Kind.EXTRA;
    }
    if (held.version() < truth.version()) {
      return Kind.STALE;
    }
    return held.equals(truth) ? null : Kind.VALUE;
  }

  /** All at once, on the last page. */
  @Override
  public CompletionStage<PurgePage> purge(ScanSplit split, int maxKeys) {
    return inner
        .scan(split, maxKeys)
        .thenCompose(
            page ->
                page.remaining() != null
                    ? CompletableFuture.completedFuture(
                        new PurgePage(page.changes().size(), 0, 0, page.remaining()))
                    : purge(page.changes().size()));
  }

  private CompletionStage<PurgePage> purge(int read) {
    ScanOptions all = new ScanOptions(spec.all(), null, null, true);
    return inner
        .splits(1, all)
        .thenCompose(splits -> inner.scan(splits.get(0), Integer.MAX_VALUE))
        .thenApply(
            page -> {
              long now = clock.millis();
              int purged = 0;
              int kept = 0;
              for (Change change : page.changes()) {
                if (change instanceof Delete && !shared.forgotten.contains(change)) {
                  boolean forget = shared.ends.get(change.key()) <= now - RETENTION.toMillis();
                  purged += forget ? 1 : 0;
                  kept += forget ? 0 : 1;
                  if (forget) {
                    shared.forgotten.add(change);
                  }
                }
              }
              return new PurgePage(read, purged, kept, null);
            });
  }
}
