// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.migration.hash.Digest;
import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.ImpactGuard;
import io.dimstore.migration.store.LatencyProbe;
import io.dimstore.migration.store.Pace;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.StoredReader;
import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.UnreadableRow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Compares two tables in different stores while both are written. Each side is scanned once, and
 * each row is hashed and added to the bucket of its key, since the stores return their rows in
 * different orders. Only buckets that differ are compared row by row. Each key that differs then is
 * read again from both sides, so that a change in flight is no difference. Rows that only the
 * target has are seen like all others.
 */
public final class Verify {

  private static final int RECHECKED_AT_ONCE = 10_000;

  private final Side from;
  private final Side to;
  private final VerifySettings settings;
  private final VerifyListener listener;
  private final Clock clock;
  private final Calls calls;
  private final ImpactGuard guard;

  // The state of one run.
  private final Map<Difference.Kind, Long> differences = new EnumMap<>(Difference.Kind.class);
  private final List<Difference> examples = new ArrayList<>();
  private final List<Difference> movingExamples = new ArrayList<>();
  private final Tally source = new Tally();
  private final Tally target = new Tally();
  private long differentKeys;
  private long movingKeys;
  private long tombstonesInTarget;
  private long rechecked;
  private long suspected;
  private int passes;
  private long oldVersion;

  /** Counts the rows of a side. */
  private static final class Tally {
    private long equal;
    private long oldTombstones;
    private long inFlight;
    private long moving;
    private long different;
    private long unexamined;

    private SideCounts counts() {
      long rows = equal + oldTombstones + inFlight + moving + different + unexamined;
      return new SideCounts(rows, equal, oldTombstones, inFlight, moving, different, unexamined);
    }

    private void add(Recheck.Outcome outcome, int rows) {
      switch (outcome) {
        case EQUAL -> inFlight += rows;
        case TOMBSTONE_IN_TARGET -> equal += rows;
        case MOVING -> moving += rows;
        case DIFFERENT -> different += rows;
      }
    }
  }

  /**
   * Prepares one verification.
   *
   * @param from the source, which is right where the two differ; nothing in it is changed
   * @param to the target; nothing in it is changed
   */
  public Verify(Side from, Side to, VerifySettings settings, VerifyListener listener) {
    this(from, to, settings, listener, Clock.SYSTEM);
  }

  Verify(Side from, Side to, VerifySettings settings, VerifyListener listener, Clock clock) {
    this.from = from;
    this.to = to;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.calls = new Calls(clock, settings.patience());
    this.guard =
        settings.impactFactor() > 0
            ? new ImpactGuard(settings.impactFactor(), 5 * settings.probesPerSecond())
            : ImpactGuard.none();
  }

  /**
   * Compares the two tables. May be called once.
   *
   * @throws io.dimstore.spi.StoreException if a call fails for longer than the patience, or cannot
   *     be repeated
   */
  public VerifyResult run() throws InterruptedException {
    long startMillis = clock.millis();
    long begin = clock.nanos();
    String layout = RowHash.layoutOf(from.spec());
    if (!layout.equals(RowHash.layoutOf(to.spec()))) {
      throw new IllegalArgumentException("The two tables have different keys or columns");
    }
    oldVersion = startMillis - settings.tombstoneRetention().toMillis();
    BucketDigests fromDigests = new BucketDigests(settings.buckets());
    BucketDigests toDigests = new BucketDigests(settings.buckets());
    BitSet differing;
    try (LatencyProbe probe = probe()) {
      TwoSidedScan scan =
          new TwoSidedScan(from, to, settings, calls, clock, pace(), pace(), oldVersion);
      Pairs pairs = new Pairs(settings.heldRows());
      FirstPass first = new FirstPass(fromDigests, toDigests, pairs);
      TwoSidedScan.OldTombstones old =
          scan.run(first, (done, all) -> listener.progress(VerifyListener.Step.DIGEST, done, all));
      source.oldTombstones = old.source();
      target.oldTombstones = old.target();
      first.withoutKey.forEach(this::addUnreadableWithoutKey);
      differing = fromDigests.differing(toDigests);
      if (pairs.overflowed()) {
        pairs.clear();
        for (int i = 0; i < settings.buckets(); i++) {
          if (!differing.get(i)) {
            source.equal += fromDigests.count(i);
            target.equal += toDigests.count(i);
          }
        }
        recheck(first.unreadableIn(differing));
        compare(scan, fromDigests, toDigests, differing);
      } else {
        conclude(pairs);
      }
    }
    CopyCheck copies = copies();
    return result(startMillis, begin, layout, fromDigests, toDigests, differing, copies);
  }

  /** Adds up the buckets, and matches the rows as well as long as memory allows. */
  private static final class FirstPass implements TwoSidedScan.Visitor {

    private final BucketDigests fromDigests;
    private final BucketDigests toDigests;
    private final Pairs pairs;
    private final Queue<Unreadable> withKey = new ConcurrentLinkedQueue<>();
    private final Queue<Unreadable> withoutKey = new ConcurrentLinkedQueue<>();

    FirstPass(BucketDigests fromDigests, BucketDigests toDigests, Pairs pairs) {
      this.fromDigests = fromDigests;
      this.toDigests = toDigests;
      this.pairs = pairs;
    }

    @Override
    public boolean wants(long keyHash) {
      return true;
    }

    @Override
    public void row(boolean ofSource, long keyHash, Key key, Digest digest) {
      BucketDigests digests = ofSource ? fromDigests : toDigests;
      digests.add(digests.bucketOf(keyHash), digest);
      pairs.add(ofSource, key, keyHash, digest);
    }

    @Override
    public void unreadable(boolean ofSource, long keyHash, UnreadableRow row) {
      Key key = row.key();
      (key == null ? withoutKey : withKey).add(new Unreadable(ofSource, keyHash, row));
      if (key != null) {
        pairs.addUnreadable(ofSource, key, keyHash);
      }
    }

    /** Returns the unreadable rows in buckets whose readable rows are equal. */
    private Map<Key, Pairs.Suspect> unreadableIn(BitSet differing) {
      Pairs found = new Pairs(Integer.MAX_VALUE);
      for (Unreadable each : withKey) {
        Key key = each.row.key();
        if (key != null && !differing.get(fromDigests.bucketOf(each.keyHash))) {
          found.addUnreadable(each.ofSource, key, each.keyHash);
        }
      }
      return found.suspects();
    }
  }

  private record Unreadable(boolean ofSource, long keyHash, UnreadableRow row) {}

  /** Reads both sides again, as often as the buckets that differ do not fit into memory. */
  private void compare(
      TwoSidedScan scan, BucketDigests fromDigests, BucketDigests toDigests, BitSet differing)
      throws InterruptedException {
    long total = 0;
    for (int b = differing.nextSetBit(0); b >= 0; b = differing.nextSetBit(b + 1)) {
      total += fromDigests.count(b) + toDigests.count(b);
    }
    long compared = 0;
    int next = differing.nextSetBit(0);
    while (next >= 0 && !isEnough()) {
      BitSet group = new BitSet(settings.buckets());
      long rows = 0;
      while (next >= 0) {
        long more = fromDigests.count(next) + toDigests.count(next);
        if (rows > 0 && rows + more > settings.heldRows()) {
          break;
        }
        group.set(next);
        rows += more;
        next = differing.nextSetBit(next + 1);
      }
      Pairs pairs = new Pairs(Integer.MAX_VALUE);
      long before = compared;
      long all = total;
      scan.run(
          new SecondPass(group, fromDigests, pairs),
          (done, scanned) ->
              listener.progress(VerifyListener.Step.COMPARE, before + pairs.equal() * 2, all));
      passes++;
      compared += rows;
      conclude(pairs);
    }
    for (; next >= 0; next = differing.nextSetBit(next + 1)) {
      source.unexamined += fromDigests.count(next);
      target.unexamined += toDigests.count(next);
    }
  }

  /** Matches the rows of some buckets. */
  private record SecondPass(BitSet group, BucketDigests digests, Pairs pairs)
      implements TwoSidedScan.Visitor {

    @Override
    public boolean wants(long keyHash) {
      return group.get(digests.bucketOf(keyHash));
    }

    @Override
    public void row(boolean ofSource, long keyHash, Key key, Digest digest) {
      pairs.add(ofSource, key, keyHash, digest);
    }

    @Override
    public void unreadable(boolean ofSource, long keyHash, UnreadableRow row) {
      Key key = row.key();
      if (key != null) { // the first pass has reported those without a key
        pairs.addUnreadable(ofSource, key, keyHash);
      }
    }
  }

  private boolean isEnough() {
    return differentKeys >= settings.maxDifferences();
  }

  private void conclude(Pairs pairs) throws InterruptedException {
    source.equal += pairs.equal();
    target.equal += pairs.equal();
    recheck(pairs.suspects());
  }

  private void recheck(Map<Key, Pairs.Suspect> suspects) throws InterruptedException {
    Recheck recheck =
        new Recheck(
            new StoredReader(from.table(), from.spec(), calls),
            new StoredReader(to.table(), to.spec(), calls),
            new RowHash(from.spec()),
            settings,
            clock,
            oldVersion);
    List<Key> keys = List.copyOf(suspects.keySet());
    suspected += keys.size();
    for (int i = 0; i < keys.size(); i += RECHECKED_AT_ONCE) {
      List<Key> some = keys.subList(i, Math.min(keys.size(), i + RECHECKED_AT_ONCE));
      if (isEnough()) {
        for (Key key : some) {
          Pairs.Suspect suspect = Objects.requireNonNull(suspects.get(key));
          source.unexamined += suspect.fromRows();
          target.unexamined += suspect.toRows();
        }
        continue;
      }
      recheck.read(
          some,
          (key, result) -> add(result, Objects.requireNonNull(suspects.get(key))),
          waiting -> listener.progress(VerifyListener.Step.RECHECK, rechecked, suspected));
    }
  }

  private void add(Recheck.Result result, Pairs.Suspect suspect) {
    rechecked++;
    source.add(result.outcome(), suspect.fromRows());
    target.add(result.outcome(), suspect.toRows());
    Difference difference = result.difference();
    if (result.outcome() == Recheck.Outcome.TOMBSTONE_IN_TARGET) {
      tombstonesInTarget++;
    } else if (difference != null && result.outcome() == Recheck.Outcome.DIFFERENT) {
      add(difference);
    } else if (difference != null) {
      movingKeys++;
      if (movingExamples.size() < settings.maxExamples()) {
        movingExamples.add(difference);
      }
    }
  }

  private void add(Difference difference) {
    differentKeys++;
    differences.merge(difference.kind(), 1L, Long::sum);
    if (examples.size() < settings.maxExamples()) {
      examples.add(difference);
    }
  }

  private void addUnreadableWithoutKey(Unreadable unreadable) {
    (unreadable.ofSource ? source : target).different++;
    add(
        new Difference(
            null,
            Difference.Kind.UNREADABLE,
            unreadable.ofSource ? Difference.Content.UNREADABLE : Difference.Content.NOTHING,
            null,
            unreadable.ofSource ? Difference.Content.NOTHING : Difference.Content.UNREADABLE,
            null,
            unreadable.row.reason()));
  }

  private Pace pace() {
    return new Pace(clock, settings.rowsPerSecond(), guard);
  }

  private @Nullable LatencyProbe probe() throws InterruptedException {
    return LatencyProbe.measured(from, settings.probesPerSecond(), guard, calls, clock);
  }

  /**
   * What a run would compare.
   *
   * @param fromSplits splits of the first table
   * @param toSplits splits of the second one
   * @param comparesCopies whether the first store has a cache that would be compared too
   */
  public record Outlook(int fromSplits, int toSplits, boolean comparesCopies) {}

  /** Says what {@link #run} would compare now. Reads no rows. */
  public Outlook outlook() throws InterruptedException {
    return new Outlook(
        splits(from), splits(to), from.table().capability(Maintenance.class).isPresent());
  }

  private int splits(Side side) throws InterruptedException {
    ScanOptions everything = new ScanOptions(side.spec().all(), null, null, true);
    return calls.await(() -> side.table().splits(settings.splits(), everything)).size();
  }

  private @Nullable CopyCheck copies() throws InterruptedException {
    Optional<Maintenance> copies = from.table().capability(Maintenance.class);
    return copies.isEmpty()
        ? null
        : new CopyVerification(from, copies.get(), settings, calls, clock, listener).run();
  }

  private VerifyResult result(
      long startMillis,
      long begin,
      String layout,
      BucketDigests fromDigests,
      BucketDigests toDigests,
      BitSet differing,
      @Nullable CopyCheck copies) {
    long different = differentKeys + (copies == null ? 0 : copies.different());
    VerifyResult.Verdict verdict = VerifyResult.Verdict.EQUAL;
    if (different > 0) {
      verdict = VerifyResult.Verdict.DIFFERENT;
    } else if (movingKeys > 0) {
      verdict = VerifyResult.Verdict.UNSETTLED;
    }
    return new VerifyResult(
            VerifyResult.FORMAT,
            RowHash.FORMAT,
            layout,
            verdict,
            from.name(),
            to.name(),
            VerifyResult.at(startMillis),
            (clock.nanos() - begin) / 1_000_000,
            source.counts(),
            target.counts(),
            differences,
            differentKeys,
            movingKeys,
            tombstonesInTarget,
            examples,
            movingExamples,
            settings.buckets(),
            differing.cardinality(),
            passes,
            fromDigests.sum().toString(),
            toDigests.sum().toString(),
            settings.settle().toMillis(),
            copies,
            guard.impact(),
            null)
        .sealed();
  }
}
