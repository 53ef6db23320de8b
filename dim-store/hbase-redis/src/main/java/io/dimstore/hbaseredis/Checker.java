package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.Comparison.Differs;
import io.dimstore.hbaseredis.Comparison.NotCopied;
import io.dimstore.hbaseredis.Comparison.Verdict;
import io.dimstore.hbaseredis.Marks.Mark;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Compares HBase with Redis: first every row of HBase with its entry, then every entry of Redis
 * that has no row. Thread-safe.
 *
 * <p>A difference is reported when both said the same twice, and between the two there was no mark
 * of a write under way. A write marks before it goes to HBase and takes the mark away after Redis
 * has it. So one that HBase had before the first look and Redis did not is seen by its mark, or has
 * reached Redis before the second look; one that came to HBase later changes what HBase says.
 *
 * <p>What differs is healed by removing the entry that was seen, and no other. Nothing can go wrong
 * then: Redis may lose any entry at any time.
 */
final class Checker {

  private static final int MAX_PAGE = 1_000;
  private static final int LOOKS = 4;

  private final Layout layout;
  private final Comparison comparison;
  private final Truth truth;
  private final RedisCopy copy;
  private final Scanner scanner;
  private final Marks marks;
  private final Meter meter;
  private final InstantSource clock;
  private final Projection all;
  private final long graceMillis;

  Checker(
      Layout layout,
      EntryCodec entries,
      Truth truth,
      RedisCopy copy,
      Scanner scanner,
      Marks marks,
      Meter meter,
      InstantSource clock,
      Duration grace) {
    this.layout = layout;
    this.comparison = new Comparison(layout, entries);
    this.truth = truth;
    this.copy = copy;
    this.scanner = scanner;
    this.marks = marks;
    this.meter = meter;
    this.clock = clock;
    this.all = Projection.all(layout.slots().length);
    this.graceMillis = grace.toMillis();
  }

  /** The rows in parts, and the entries, which Redis can only list as a whole. */
  CompletableFuture<List<ScanSplit>> splits(int desired) {
    return scanner
        .splits(desired, ScanOptions.rows(all))
        .thenApply(
            rows -> {
              List<ScanSplit> splits = new ArrayList<>(rows);
              splits.add(
                  new CheckToken.Entries(layout.declaration(), RedisCopy.Names.START).toSplit());
              return splits;
            });
  }

  CompletableFuture<CheckPage> check(CheckToken token, int maxKeys, boolean heal) {
    int limit = Math.min(maxKeys, MAX_PAGE);
    return token instanceof CheckToken.Entries entries
        ? entries(entries, limit, heal)
        : rows(((CheckToken.Rows) token).range(), limit, heal);
  }

  private CompletableFuture<CheckPage> rows(SplitToken range, int limit, boolean heal) {
    return scanner
        .rows(range, limit)
        .thenCompose(
            results -> {
              ScanSplit rest =
                  results.size() < limit
                      ? null
                      : range.after(results.get(results.size() - 1).getRow()).toSplit();
              return read(results)
                  .thenCompose(looked -> new Page(results.size(), rest, heal).examine(looked));
            });
  }

  private CompletableFuture<List<Looked>> read(List<Result> results) {
    long now = clock.millis();
    List<byte[]> rowKeys = results.stream().map(Result::getRow).toList();
    List<Key> keys = rowKeys.stream().map(layout.keys()::name).toList();
    List<@Nullable Stored> stored = new ArrayList<>(results.size());
    for (int i = 0; i < results.size(); i++) {
      stored.add(decoded(keys.get(i), results.get(i), now));
    }
    return withEntries(keys, rowKeys, stored);
  }

  private @Nullable Stored decoded(Key key, Result result, long now) {
    try {
      return truth.decode(key, result, all, now);
    } catch (StoreException e) {
      return null;
    }
  }

  /** Those that HBase has nothing for: of the others, the rows of HBase told already. */
  private CompletableFuture<CheckPage> entries(CheckToken.Entries token, int limit, boolean heal) {
    return copy.names(token.cursor(), limit)
        .thenCompose(
            names -> {
              List<byte[]> rowKeys =
                  names.rowKeys().stream()
                      // No reader can ask for others.
                      .filter(row -> row.length > 0 && row.length <= HConstants.MAX_ROW_LENGTH)
                      .toList();
              ScanSplit rest =
                  names.isLast()
                      ? null
                      : new CheckToken.Entries(token.table(), names.cursor()).toSplit();
              Page page = new Page(Math.max(limit, names.rowKeys().size()), rest, heal);
              return look(rowKeys)
                  .thenApply(
                      looked ->
                          looked.stream()
                              .filter(one -> one.truth instanceof Stored.Nothing)
                              .filter(one -> one.entry != null)
                              .toList())
                  .thenCompose(page::examine);
            });
  }

  private CompletableFuture<List<Looked>> look(List<byte[]> rowKeys) {
    List<Key> keys = rowKeys.stream().map(layout.keys()::name).toList();
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    Set<Key> corrupt = new HashSet<>();
    return truth
        .read(keys, rowKeys, all, clock.millis(), (key, why) -> corrupt.add(key))
        .thenCompose(
            read -> {
              List<@Nullable Stored> stored = new ArrayList<>(read);
              for (int i = 0; i < keys.size(); i++) {
                if (corrupt.contains(keys.get(i))) {
                  stored.set(i, null);
                }
              }
              return withEntries(keys, rowKeys, stored);
            });
  }

  private CompletableFuture<List<Looked>> withEntries(
      List<Key> keys, List<byte[]> rowKeys, List<@Nullable Stored> stored) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return copy.read(rowKeys)
        .thenApply(
            entries -> {
              long now = clock.millis();
              List<Looked> looked = new ArrayList<>(keys.size());
              for (int i = 0; i < keys.size(); i++) {
                Verdict verdict = comparison.of(stored.get(i), entries.get(i), now);
                looked.add(
                    new Looked(
                        keys.get(i), rowKeys.get(i), stored.get(i), entries.get(i), verdict));
              }
              return looked;
            });
  }

  /** The rows of the writes that are under way. */
  private CompletableFuture<Set<byte[]>> underWay() {
    return marks
        .since(layout.declaration(), System.currentTimeMillis() - graceMillis)
        .thenApply(
            found -> {
              Set<byte[]> rowKeys = new TreeSet<>(Bytes.BYTES_COMPARATOR);
              for (Mark mark : found) {
                if (!mark.ended()) {
                  rowKeys.addAll(mark.rowKeys());
                }
              }
              return rowKeys;
            });
  }

  /**
   * A key, what both said of it, null for what cannot be read or is not there, and how they
   * compare.
   */
  private record Looked(
      Key key, byte[] rowKey, @Nullable Stored truth, byte @Nullable [] entry, Verdict verdict) {

    boolean saysAs(Looked other) {
      return Comparison.isSame(truth, other.truth) && Arrays.equals(entry, other.entry);
    }
  }

  /** A page as its counts grow: used by one stage after another. */
  private final class Page {
    private final int read;
    private final @Nullable ScanSplit rest;
    private final boolean heal;
    private final List<Looked> confirmed = new ArrayList<>();
    private final List<Difference> differences = new ArrayList<>();
    private int examined;
    private int inStep;
    private int notCopied;
    private int changed;

    Page(int read, @Nullable ScanSplit rest, boolean heal) {
      this.read = read;
      this.rest = rest;
      this.heal = heal;
    }

    CompletableFuture<CheckPage> examine(List<Looked> looked) {
      examined = looked.size();
      List<Looked> suspects = new ArrayList<>();
      for (Looked one : looked) {
        if (!isSettled(one)) {
          suspects.add(one);
        }
      }
      return confirm(suspects, 1).thenCompose(done -> remove()).thenApply(done -> end());
    }

    private boolean isSettled(Looked one) {
      if (one.verdict instanceof Differs) {
        return false;
      }
      if (one.verdict instanceof NotCopied) {
        notCopied++;
      } else {
        inStep++;
      }
      return true;
    }

    private CompletableFuture<Void> confirm(List<Looked> suspects, int looks) {
      if (suspects.isEmpty() || looks == LOOKS) {
        changed += suspects.size();
        return CompletableFuture.completedFuture(null);
      }
      return underWay()
          .thenCompose(
              written ->
                  look(suspects.stream().map(Looked::rowKey).toList())
                      .thenCompose(again -> sift(suspects, again, written, looks)));
    }

    private CompletableFuture<Void> sift(
        List<Looked> before, List<Looked> again, Set<byte[]> written, int looks) {
      List<Looked> still = new ArrayList<>();
      for (int i = 0; i < again.size(); i++) {
        Looked one = again.get(i);
        if (isSettled(one)) {
          continue;
        }
        if (!written.contains(one.rowKey) && one.saysAs(before.get(i))) {
          confirmed.add(one);
        } else {
          still.add(one);
        }
      }
      return confirm(still, looks + 1);
    }

    private CompletableFuture<Void> remove() {
      List<Looked> removable = new ArrayList<>();
      List<byte[]> seen = new ArrayList<>();
      for (Looked one : confirmed) {
        if (heal && one.entry != null) {
          removable.add(one);
          seen.add(one.entry);
        } else {
          add(one, false);
        }
      }
      return copy.remove(removable.stream().map(Looked::rowKey).toList(), seen)
          .thenAccept(
              removed -> {
                for (int i = 0; i < removable.size(); i++) {
                  Looked one = removable.get(i);
                  if (one.truth == null || removed.get(i)) {
                    add(one, one.truth != null);
                  } else {
                    changed++;
                  }
                }
              });
    }

    private void add(Looked one, boolean healed) {
      Difference.Kind kind = ((Differs) one.verdict).kind();
      differences.add(new Difference(one.key, kind, healed));
      meter.count("check." + kind.name().toLowerCase(Locale.ROOT), 1);
      meter.count("check.healed", healed ? 1 : 0);
    }

    private CheckPage end() {
      meter.count("check.examined", examined);
      return new CheckPage(read, examined, inStep, notCopied, changed, differences, rest);
    }
  }
}
