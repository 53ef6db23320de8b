// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.migration.phase.MigrationRecords.Versioned;
import io.dimstore.migration.phase.MigrationState.Step;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process's right to carry out a step. A thread of its own renews it in the state. It is lost if
 * another process changes the state, or if this process cannot change the state for as long as the
 * lease. Thread-safe.
 */
public final class Ownership implements AutoCloseable {

  private final MigrationRecords records;
  private final Duration lease;
  private final Thread beat;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Versioned current;
  private long renewedNanos = System.nanoTime();
  private long renewals;
  private boolean lost;
  private volatile MigrationState.@Nullable Progress progress;

  Ownership(MigrationRecords records, Versioned begun, Duration lease, String threadName) {
    this.records = records;
    this.current = begun;
    this.lease = lease;
    this.beat = new Thread(this::beat, threadName);
    this.beat.setDaemon(true);
    this.beat.start();
  }

  /**
   * Returns if this process may go on.
   *
   * @throws MigrationException if another process may have taken the step over
   */
  public synchronized void require() {
    if (lost || System.nanoTime() - renewedNanos > lease.toNanos()) {
      lost = true;
      throw new MigrationException(
          "This process was silent for more than "
              + lease.toSeconds()
              + " s, and another one may have taken its step over. See migrate status");
    }
  }

  /**
   * Reports how far the step is. It is stored with the next sign of life.
   *
   * @param what what is counted
   * @param total how many there are, or -1 if that is not known
   */
  public void progress(String what, long done, long total) {
    MigrationState.Progress before = progress;
    Instant since = before != null && before.what().equals(what) ? before.since() : Instant.now();
    progress = new MigrationState.Progress(what, done, total, since);
  }

  /**
   * Renews the right in the state, and returns once the state has been changed. Unlike {@link
   * #require}, this compares no times: at a moment during the call no other process had taken the
   * step over.
   *
   * @throws MigrationException if another process has taken the step over, or may have
   */
  public void confirm() throws InterruptedException {
    while (!confirmed()) {
      TimeUnit.MILLISECONDS.sleep(Math.max(1, lease.toMillis() / 20));
    }
  }

  private synchronized boolean confirmed() throws InterruptedException {
    long before = renewals;
    var unused = renew();
    require();
    return renewals > before;
  }

  synchronized MigrationState state() {
    return current.state();
  }

  /** Stores the state after the step. */
  synchronized void end(MigrationState after) throws InterruptedException {
    require();
    if (!records.replace(current.revision(), after) && !(adopt() && ends(after))) {
      lost = true;
      require();
    }
  }

  private boolean ends(MigrationState after) throws InterruptedException {
    return records.replace(current.revision(), after);
  }

  /**
   * Reads the state again: a renewal that seemed to fail may have taken effect.
   *
   * @return whether this process still owns the step
   */
  private boolean adopt() throws InterruptedException {
    Step ours = Objects.requireNonNull(current.state().step());
    Versioned found = records.read().orElse(null);
    Step theirs = found == null ? null : found.state().step();
    if (found == null || theirs == null || !theirs.id().equals(ours.id())) {
      return false;
    }
    current = found;
    return true;
  }

  /** Ends the renewal. Idempotent. */
  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        beat.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void beat() {
    try {
      while (!closed.await(Math.max(1, lease.toMillis() / 4), TimeUnit.MILLISECONDS) && renew()) {
        // Until it is closed or lost.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean renew() throws InterruptedException {
    Step step = Objects.requireNonNull(current.state().step());
    MigrationState next = current.state().withStep(step.withNextBeat(progress));
    try {
      long before = System.nanoTime();
      if (records.replace(current.revision(), next)) {
        current = new Versioned(current.revision() + 1, next);
        renewedNanos = before;
        renewals++;
      } else {
        // The next beat renews an adopted state; until then the old time counts.
        lost = !adopt();
      }
    } catch (StoreException e) {
      // The next beat tries again. Without an answer for the lease, the ownership ends.
    }
    return !lost;
  }
}
