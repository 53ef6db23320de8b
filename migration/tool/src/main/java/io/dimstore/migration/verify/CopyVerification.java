// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.StoredReader;
import io.dimstore.migration.store.StoredReader.Held;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.Maintenance.Difference;
import io.dimstore.spi.Maintenance.Difference.Kind;
import io.dimstore.spi.ScanSplit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a table's copies with its system of record.
 *
 * <p>A writer that does not know the copies changes a row and leaves the copy as it is. Readers
 * then see the older row until the copy is too old, which is the store's {@code max-age}. So a copy
 * that differs is compared again after that time. It is a difference if it still differs although
 * the row in the system of record did not change meanwhile. If the row did change, the copy may be
 * outdated once more, and the key is compared again. After {@link #MOST_RECHECKS} times such a key
 * counts as changed.
 *
 * <p>Not thread-safe.
 */
final class CopyVerification {

  /** How often a copy that differs is compared again at most. */
  static final int MOST_RECHECKS = 3;

  private final Maintenance copies;
  private final StoredReader records;
  private final RowHash hash;
  private final VerifySettings settings;
  private final Calls calls;
  private final Clock clock;
  private final VerifyListener listener;

  private final Map<Kind, Long> kinds = new TreeMap<>();
  private final List<CopyCheck.Example> examples = new ArrayList<>();
  private long examined;
  private long inStep;
  private long notCopied;
  private long changed;
  private long outdated;
  private long different;
  private long settledMillis;

  CopyVerification(
      Side side,
      Maintenance copies,
      VerifySettings settings,
      Calls calls,
      Clock clock,
      VerifyListener listener) {
    this.copies = copies;
    this.records = new StoredReader(side.table(), side.spec(), calls);
    this.hash = new RowHash(side.spec());
    this.settings = settings;
    this.calls = calls;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * A copy that differed.
   *
   * @param kind how it differed when it was compared last
   * @param times how often the check has reported the key, since it may compare a key twice
   */
  private record Suspect(Kind kind, int times) {

    Suspect again(Suspect other) {
      return new Suspect(other.kind, times + other.times);
    }
  }

  /** Compares all copies. May be called once. */
  CopyCheck run() throws InterruptedException {
    Map<ScanSplit, Map<Key, Suspect>> suspects = new LinkedHashMap<>();
    for (ScanSplit split : calls.await(() -> copies.checkSplits(settings.splits()))) {
      Map<Key, Suspect> found = new HashMap<>();
      for (ScanSplit rest = split; rest != null; ) {
        CheckPage page = check(rest);
        examined += page.examined();
        inStep += page.inStep();
        notCopied += page.notCopied();
        changed += page.changed();
        for (Difference difference : page.differences()) {
          Suspect suspect = new Suspect(difference.kind(), 1);
          if (mayBeOutdated(difference.kind())) {
            found.merge(difference.key(), suspect, Suspect::again);
          } else {
            addDifferent(difference.key(), suspect);
          }
        }
        listener.progress(VerifyListener.Step.COPIES, examined, -1);
        rest = page.remaining();
      }
      if (!found.isEmpty()) {
        suspects.put(split, found);
      }
    }
    recheck(suspects);
    return new CopyCheck(
        examined,
        inStep,
        notCopied,
        changed,
        outdated,
        kinds,
        different,
        List.copyOf(examples),
        settledMillis);
  }

  private CheckPage check(ScanSplit split) throws InterruptedException {
    return calls.await(() -> copies.check(split, settings.pageSize(), false));
  }

  /** No writer leaves a copy that cannot be decoded. */
  private static boolean mayBeOutdated(Kind kind) {
    return kind != Kind.UNREADABLE;
  }

  private void recheck(Map<ScanSplit, Map<Key, Suspect>> suspects) throws InterruptedException {
    Map<ScanSplit, Map<Key, Suspect>> left = new LinkedHashMap<>(suspects);
    if (settings.copySettle().isZero() || count(left) > settings.maxDifferences()) {
      left.values().forEach(found -> found.forEach(this::addDifferent));
      return;
    }
    Map<Key, String> before = rows(left);
    for (int round = 1; round <= MOST_RECHECKS && !left.isEmpty(); round++) {
      pause(count(left));
      settledMillis = settings.copySettle().toMillis();
      Map<ScanSplit, Map<Key, Suspect>> still = new LinkedHashMap<>();
      for (Map.Entry<ScanSplit, Map<Key, Suspect>> split : left.entrySet()) {
        Map<Key, Suspect> differing = differing(split.getKey(), split.getValue());
        if (!differing.isEmpty()) {
          still.put(split.getKey(), differing);
        }
      }
      outdated += times(left) - times(still);
      // The rows are read after the copies: a change in between only leads to one more round.
      Map<Key, String> now = rows(still);
      for (Map<Key, Suspect> found : still.values()) {
        found
            .entrySet()
            .removeIf(
                each -> {
                  Key key = each.getKey();
                  boolean same = Objects.equals(before.get(key), now.get(key));
                  if (same) {
                    addDifferent(key, each.getValue());
                  }
                  return same;
                });
      }
      still.values().removeIf(Map::isEmpty);
      before.putAll(now);
      left = still;
    }
    changed += times(left);
  }

  /** Returns those of the keys whose copy differs now. Reads the whole split. */
  private Map<Key, Suspect> differing(ScanSplit split, Map<Key, Suspect> suspects)
      throws InterruptedException {
    Map<Key, Suspect> differing = new HashMap<>();
    long compared = 0;
    for (ScanSplit rest = split; rest != null; ) {
      CheckPage page = check(rest);
      compared += page.examined();
      for (Difference difference : page.differences()) {
        Suspect suspect = suspects.get(difference.key());
        if (suspect != null) {
          differing.put(difference.key(), new Suspect(difference.kind(), suspect.times()));
        }
      }
      listener.progress(VerifyListener.Step.COPIES_AGAIN, compared, -1);
      rest = page.remaining();
    }
    return differing;
  }

  /** Waits until a copy that is outdated now is not read any more. */
  private void pause(long keys) throws InterruptedException {
    long until = clock.nanos() + settings.copySettle().toNanos();
    for (long left = settings.copySettle().toNanos(); left > 0; left = until - clock.nanos()) {
      listener.progress(VerifyListener.Step.COPIES_SETTLE, keys, -1);
      clock.pause(Math.min(left, 1_000_000_000L));
    }
  }

  /** Returns what the system of record holds for the keys. */
  private Map<Key, String> rows(Map<ScanSplit, Map<Key, Suspect>> suspects)
      throws InterruptedException {
    List<Key> keys =
        suspects.values().stream().flatMap(found -> found.keySet().stream()).distinct().toList();
    Map<Key, String> rows = new HashMap<>();
    records.read(keys).forEach((key, held) -> rows.put(key, text(held)));
    return rows;
  }

  private String text(Held held) {
    Change change = held.change();
    return digest(change) + " " + held.unreadable();
  }

  private @Nullable String digest(@Nullable Change change) {
    return change == null ? null : hash.of(change).toString();
  }

  private void addDifferent(Key key, Suspect suspect) {
    different += suspect.times();
    kinds.merge(suspect.kind(), (long) suspect.times(), Long::sum);
    if (examples.size() < settings.maxExamples()) {
      examples.add(CopyCheck.Example.of(key, suspect.kind()));
    }
  }

  private static long count(Map<ScanSplit, Map<Key, Suspect>> suspects) {
    return suspects.values().stream().mapToLong(Map::size).sum();
  }

  private static long times(Map<ScanSplit, Map<Key, Suspect>> suspects) {
    return suspects.values().stream()
        .flatMap(found -> found.values().stream())
        .mapToLong(Suspect::times)
        .sum();
  }
}
