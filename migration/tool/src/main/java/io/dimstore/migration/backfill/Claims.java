// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.backfill;

import io.dimstore.migration.store.Clock;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Assigns splits to the workers of this process. A split is free if nobody owns it, or if its
 * record has not changed for the time of a lease while this process watched it. No clock of another
 * machine is involved. Thread-safe.
 *
 * <p>Two workers that both believe to own a split do no harm: the target's version guard makes
 * every copy repeatable, and the compare-and-set of the record ends the work of one of them.
 */
final class Claims {

  private final RangeLedger ledger;
  private final BackfillRun run;
  private final String process;
  private final Clock clock;
  private final long leaseNanos;
  private final Map<Integer, Seen> watched = new HashMap<>();
  private int done;

  private record Seen(long revision, long nanos) {}

  /**
   * Creates the claims of one process.
   *
   * @param process what the names of its workers begin with, before a slash
   */
  Claims(RangeLedger ledger, BackfillRun run, String process, Clock clock, Duration lease) {
    this.ledger = ledger;
    this.run = run;
    this.process = process;
    this.clock = clock;
    this.leaseNanos = lease.toNanos();
  }

  /**
   * Returns a split for a worker, or null when there is nothing left to wait for: all splits are
   * done, or other workers of this process have the rest. Waits while other processes own a split.
   */
  synchronized @Nullable Claim next(String worker) throws InterruptedException {
    while (true) {
      List<RangeLedger.Entry> entries = ledger.entries(run);
      int finished = 0;
      boolean othersWork = false;
      for (RangeLedger.Entry entry : entries) {
        if (entry.progress().isDone()) {
          finished++;
        } else if (isFree(entry)) {
          SplitProgress owned = entry.progress().ownedBy(worker, clock.millis());
          long revision = ledger.save(run, entry.revision(), owned);
          if (revision > 0) {
            return new Claim(revision, owned);
          }
          othersWork = true;
        } else {
          othersWork |= !ownsHere(entry.progress().owner());
        }
      }
      done = finished;
      if (!othersWork) {
        return null;
      }
      clock.pause(Math.min(leaseNanos / 4, Duration.ofSeconds(1).toNanos()));
    }
  }

  private boolean ownsHere(@Nullable String owner) {
    return owner != null && owner.startsWith(process + "/");
  }

  private boolean isFree(RangeLedger.Entry entry) {
    if (entry.progress().owner() == null) {
      return true;
    }
    long now = clock.nanos();
    Seen seen = watched.get(entry.progress().split());
    if (seen == null || seen.revision != entry.revision()) {
      watched.put(entry.progress().split(), new Seen(entry.revision(), now));
      return false;
    }
    return now - seen.nanos >= leaseNanos;
  }

  /** Returns the number of splits that were done when this process last looked. */
  int done() {
    return done;
  }

  /** A split that a worker owns. The worker and the heartbeat save it. Thread-safe. */
  final class Claim {

    private long revision;
    private SplitProgress progress;
    private long savedAtNanos = clock.nanos();

    private Claim(long revision, SplitProgress progress) {
      this.revision = revision;
      this.progress = progress;
    }

    synchronized String token() {
      return Objects.requireNonNull(progress.token());
    }

    /**
     * Sets the progress, and saves it if the split is done or enough time has passed.
     *
     * @return whether the worker still owns the split
     */
    synchronized boolean advance(SplitProgress.PageResult page, @Nullable String rest, long every)
        throws InterruptedException {
      progress = progress.after(page, rest);
      boolean due = rest == null || clock.nanos() - savedAtNanos >= every;
      return due ? save(false) : revision > 0;
    }

    /**
     * Shows other processes that the worker is alive, even if it has not finished a page meanwhile.
     */
    synchronized void renew() throws InterruptedException {
      if (!progress.isDone()) {
        save(false);
      }
    }

    /** Saves the progress and gives the split back, unless that fails. */
    synchronized void release() throws InterruptedException {
      try {
        save(true);
      } catch (StoreException e) {
        // Others take the split when its lease is over.
      }
    }

    private boolean save(boolean release) throws InterruptedException {
      if (revision < 0) {
        return false;
      }
      progress =
          progress.ownedBy(release || progress.isDone() ? null : progress.owner(), clock.millis());
      revision = ledger.save(run, revision, progress);
      savedAtNanos = clock.nanos();
      return revision > 0;
    }
  }
}
