// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the time to live of one table every 10 minutes while rows are written, because an
 * administrator may change it during a job. Writes are refused as long as the service would delete
 * acknowledged rows; meanwhile it is checked every 30 seconds. Thread-safe.
 */
public final class TimeToLiveMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(TimeToLiveMonitor.class);

  /**
   * The time between checks. The service takes up to an hour to enable a time to live, and an
   * account may send only a few such requests a second.
   */
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  /** The time between checks while writes are refused, so that they continue soon. */
  private static final Duration INTERVAL_WHILE_REFUSED = Duration.ofSeconds(30);

  private static final CompletableFuture<@Nullable Void> SAFE =
      CompletableFuture.completedFuture(null);

  private final String table;
  private final TableAdmin admin;
  private final StoreMetrics metrics;
  private final InstantSource clock;
  private final AtomicLong checkedMillis;
  private volatile boolean reported;
  private volatile @Nullable StoreException refusal;

  public TimeToLiveMonitor(
      String table, TableAdmin admin, StoreMetrics metrics, InstantSource clock) {
    this.table = table;
    this.admin = admin;
    this.metrics = metrics;
    this.clock = clock;
    this.checkedMillis = new AtomicLong(clock.millis());
  }

  /**
   * Permits a write, or refuses it because the time to live of the table deletes acknowledged rows.
   * Starts a check if one is due. The write that starts a check of a refused table waits for its
   * result; all other writes are answered at once, by the last result.
   *
   * @return a future that fails INVALID, with the command that corrects the table, if the write is
   *     refused
   */
  public CompletableFuture<@Nullable Void> requireSafe(Deadline deadline) {
    StoreException last = refusal;
    if (last == null) {
      if (isDue(INTERVAL)) {
        check(deadline);
      }
      return SAFE;
    }
    return isDue(INTERVAL_WHILE_REFUSED)
        ? check(deadline).thenRun(this::throwRefusal)
        : CompletableFuture.failedFuture(last);
  }

  private boolean isDue(Duration interval) {
    long checked = checkedMillis.get();
    long now = clock.millis();
    return Math.abs(now - checked) >= interval.toMillis()
        && checkedMillis.compareAndSet(checked, now);
  }

  /** Reads the time to live. If that fails, nothing is known about it: keeps the last result. */
  private CompletableFuture<@Nullable Void> check(Deadline deadline) {
    return admin
        .timeToLive(table, deadline)
        .thenAccept(found -> learn(TimeToLiveRule.refusal(table, found)))
        .exceptionally(
            failure -> {
              if (!reported) {
                TableAdmin.logOrThrow(table, failure);
                reported = true;
              }
              return null;
            })
        .exceptionally(later -> null);
  }

  private void throwRefusal() {
    StoreException last = refusal;
    if (last != null) {
      throw last;
    }
  }

  private void learn(@Nullable StoreException found) {
    if (found != null && refusal == null) {
      LOG.warn("Writes are refused until this is corrected: {}", found.getMessage());
    } else if (found == null && refusal != null) {
      LOG.info("The time to live of DynamoDB table {} is safe again", table);
    }
    refusal = found;
    metrics.gauge("unsafe-time-to-live", table, found == null ? 0 : 1);
  }
}
