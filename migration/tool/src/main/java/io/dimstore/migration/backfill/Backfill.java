// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import io.dimstore.migration.hash.RowHash;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.ImpactGuard;
import io.dimstore.migration.store.LatencyProbe;
import io.dimstore.migration.store.Pace;
import io.dimstore.migration.store.Side;
import io.dimstore.migration.store.SplitReader;
import io.dimstore.migration.store.StoredReader;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.SharedBudget;
import io.dimstore.spi.SharedRecords;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Copies a table to another store with the versions and expiries that its rows have, tombstones
 * included. The target's version guard makes the order irrelevant: live writes may go on in both
 * stores, and every part may be copied again.
 *
 * <p>All processes that are given the same ledger share the work, one after another or at the same
 * time. A process may be killed at any point: another one, or the next, continues each split after
 * the last page that was reported as written.
 */
public final class Backfill {

  private final Side from;
  private final Side to;
  private final BackfillSettings settings;
  private final BackfillListener listener;
  private final Clock clock;
  private final Calls calls;
  private final RangeLedger ledger;
  private final ImpactGuard guard;
  private final String process = ProcessHandle.current().pid() + "/" + UUID.randomUUID();
  private final AtomicLong copied = new AtomicLong();
  private final Set<Claims.Claim> owned = ConcurrentHashMap.newKeySet();

  /**
   * Prepares a backfill.
   *
   * @param from the table to read; nothing in it is changed
   * @param to the table to write; it must exist
   * @param records the records of the target store, which hold the ledger
   */
  public Backfill(
      Side from,
      Side to,
      SharedRecords records,
      BackfillSettings settings,
      BackfillListener listener) {
    this(from, to, records, settings, listener, Clock.SYSTEM);
  }

  Backfill(
      Side from,
      Side to,
      SharedRecords records,
      BackfillSettings settings,
      BackfillListener listener,
      Clock clock) {
    this.from = from;
    this.to = to;
    this.settings = settings;
    this.listener = listener;
    this.clock = clock;
    this.calls = new Calls(clock, settings.patience());
    this.ledger = ledger(records, to, calls);
    this.guard =
        settings.impactFactor() > 0
            ? new ImpactGuard(settings.impactFactor(), 5 * settings.probesPerSecond())
            : ImpactGuard.none();
  }

  /**
   * What a run would do.
   *
   * @param found the run in the ledger, or null if there is none
   * @param done splits of that run that are copied
   * @param entries rows and tombstones that it has copied
   * @param splits splits that would be copied now
   */
  public record Outlook(@Nullable BackfillRun found, int done, long entries, int splits) {}

  /**
   * Says what {@link #run(boolean)} would do now. Changes nothing.
   *
   * @param restart whether to plan anew and copy everything again
   * @throws io.dimstore.spi.StoreException INVALID if the ledger belongs to a backfill of other
   *     tables and would be continued
   */
  public Outlook outlook(boolean restart) throws InterruptedException {
    BackfillRun found = ledger.run();
    List<SplitProgress> progress = found == null ? List.of() : ledger.progress(found);
    int done = (int) progress.stream().filter(SplitProgress::isDone).count();
    long entries = progress.stream().mapToLong(one -> one.rows() + one.tombstones()).sum();
    if (found == null || restart) {
      return new Outlook(found, done, entries, splits().size());
    }
    var unused = ledger.requireSame(found, wanted(0));
    return new Outlook(found, done, entries, found.splits() - done);
  }

  private List<ScanSplit> splits() throws InterruptedException {
    ScanOptions everything = new ScanOptions(from.spec().all(), null, null, true);
    return calls.await(() -> from.table().splits(settings.splits(), everything));
  }

  private BackfillRun wanted(long mirroring) {
    return new BackfillRun(
        RangeLedger.FORMAT,
        "",
        0,
        from.name(),
        to.name(),
        RowHash.layoutOf(from.spec()),
        clock.millis(),
        mirroring);
  }

  /** Returns the ledger of the backfills into a table. */
  public static RangeLedger ledger(SharedRecords records, Side to, Calls calls) {
    return new RangeLedger(records, to.spec().name(), calls);
  }

  /**
   * Plans the splits and copies nothing, if no other process has planned them. A later {@link #run}
   * without a restart copies them, in this process or another one.
   *
   * @param restart whether to plan anew, although there is a plan
   * @param mirroring see {@link BackfillRun}; kept if this process is the first one
   * @return the plan in the ledger
   */
  public BackfillRun begin(boolean restart, long mirroring) throws InterruptedException {
    return ledger.begin(wanted(mirroring), restart, this::splits);
  }

  /**
   * Copies until all splits are done, by this process or others.
   *
   * @param restart whether to plan anew and copy everything again
   * @throws io.dimstore.spi.StoreException if a call fails for longer than the patience, or cannot
   *     be repeated; the ledger keeps what was done
   */
  public BackfillResult run(boolean restart) throws InterruptedException {
    return run(restart, 0);
  }

  /**
   * Copies until all splits are done, by this process or others.
   *
   * @param restart whether to plan anew and copy everything again
   * @param mirroring see {@link BackfillRun}; kept if this process is the first one
   * @throws io.dimstore.spi.StoreException if a call fails for longer than the patience, or cannot
   *     be repeated; the ledger keeps what was done
   */
  public BackfillResult run(boolean restart, long mirroring) throws InterruptedException {
    long begin = clock.nanos();
    BackfillRun run = begin(restart, mirroring);
    try (LatencyProbe probe =
            LatencyProbe.measured(from, settings.probesPerSecond(), guard, calls, clock);
        SharedBudget.Part reads = join(from, SharedBudget.Use.READ);
        SharedBudget.Part writes = join(to, SharedBudget.Use.WRITE)) {
      copyAll(run);
    }
    return BackfillResult.of(
        run,
        ledger.progress(run),
        (clock.nanos() - begin) / 1_000_000,
        copied.get(),
        guard.impact());
  }

  private SharedBudget.@Nullable Part join(Side side, SharedBudget.Use use) {
    return side.table()
        .capability(SharedBudget.class)
        .map(budget -> budget.join(use, 1.0 / settings.processes()))
        .orElse(null);
  }

  private void copyAll(BackfillRun run) throws InterruptedException {
    Claims claims = new Claims(ledger, run, process, clock, settings.lease());
    Pace pace = new Pace(clock, settings.rowsPerSecond(), guard);
    ExecutorService workers = Executors.newFixedThreadPool(settings.parallelism());
    ScheduledExecutorService heartbeat = Executors.newSingleThreadScheduledExecutor();
    ExecutorCompletionService<@Nullable Void> ends = new ExecutorCompletionService<>(workers);
    try {
      for (int i = 0; i < settings.parallelism(); i++) {
        String worker = process + "/" + i;
        ends.submit(
            () -> {
              work(run, claims, pace, worker);
              return null;
            });
      }
      long every = settings.saveInterval().toNanos();
      var unused =
          heartbeat.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.NANOSECONDS);
      for (int i = 0; i < settings.parallelism(); i++) {
        ends.take().get();
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(cause);
    } finally {
      heartbeat.shutdownNow();
      workers.shutdownNow();
      workers.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private void renew() {
    for (Claims.Claim claim : owned) {
      try {
        claim.renew();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        // The worker meets the same failure and reports it.
      }
    }
  }

  private void work(BackfillRun run, Claims claims, Pace pace, String worker)
      throws InterruptedException {
    while (true) {
      Claims.Claim claim = claims.next(worker);
      if (claim == null) {
        return;
      }
      owned.add(claim);
      try {
        copy(claim, run, claims, pace);
      } catch (RuntimeException | InterruptedException e) {
        claim.release();
        throw e;
      } finally {
        owned.remove(claim);
      }
    }
  }

  private void copy(Claims.Claim claim, BackfillRun run, Claims claims, Pace pace)
      throws InterruptedException {
    PageWriter writer =
        new PageWriter(
            to.table(),
            new StoredReader(from.table(), from.spec(), calls),
            calls,
            new RowHash(from.spec()),
            settings.young().toMillis());
    int pageSize = pageSize();
    SplitReader reader =
        new SplitReader(from.table(), new ScanSplit(claim.token()), pageSize, calls, clock);
    Deque<PageWriter.Pending> inFlight = new ArrayDeque<>();
    boolean ended = false;
    while (!ended || !inFlight.isEmpty()) {
      long began = clock.nanos();
      if (!ended) {
        SplitReader.Page page = reader.next();
        ended = page == null;
        if (page != null) {
          inFlight.add(writer.begin(page.page(), page.begunAtMillis()));
        }
      }
      if (inFlight.isEmpty() || (!ended && inFlight.size() < settings.pagesInFlight())) {
        continue;
      }
      PageWriter.Pending head = Objects.requireNonNull(inFlight.poll());
      SplitProgress.PageResult result = writer.finish(head);
      ScanSplit rest = head.page().remaining();
      if (!claim.advance(
          result, rest == null ? null : rest.token(), settings.saveInterval().toNanos())) {
        return; // another worker has taken the split
      }
      int entries = head.page().changes().size();
      int done = claims.done() + (rest == null ? 1 : 0);
      listener.progress(copied.addAndGet(entries), done, run.splits(), guard.share());
      pace.after(entries, clock.nanos() - began);
    }
  }

  /** Limits a page to what the rate allows between two reports of progress. */
  private int pageSize() {
    double rate = settings.rowsPerSecond();
    double seconds = settings.saveInterval().toNanos() / 1e9;
    return rate <= 0
        ? settings.pageSize()
        : (int) Math.max(1, Math.min(settings.pageSize(), rate * seconds));
  }
}
