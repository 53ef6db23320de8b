// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the time to live of one table every 10 minutes while rows are written, because an
 * administrator may change it during a job. Writes are refused as long as the service would delete
 * acknowledged rows. Thread-safe.
 */
public final class TimeToLiveMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(TimeToLiveMonitor.class);

  /**
   * The time between checks. The service takes up to an hour to enable a time to live, and an
   * account may send only a few such requests a second.
   */
  private static final Duration INTERVAL = Duration.ofMinutes(10);

  private final String table;
  private final TableAdmin admin;
  private final StoreMetrics metrics;
  private final InstantSource clock;
  private final AtomicLong checkedMillis;
  private volatile @Nullable StoreException refusal;

  public TimeToLiveMonitor(
      String table, TableAdmin admin, StoreMetrics metrics, InstantSource clock) {
    this.table = table;
    this.admin = admin;
    this.metrics = metrics;
    this.clock = clock;
    this.checkedMillis = new AtomicLong(clock.millis());
  }

  /** Starts a check if one is due; never blocks. */
  public void checkIfDue(Deadline deadline) {
    long checked = checkedMillis.get();
    long now = clock.millis();
    if (Math.abs(now - checked) >= INTERVAL.toMillis()
        && checkedMillis.compareAndSet(checked, now)) {
      admin
          .timeToLive(table, deadline)
          .whenComplete(
              (found, failure) -> {
                // If it could not be read, nothing is known about it: keep the last result.
                if (failure == null) {
                  learn(TimeToLiveRule.refusal(table, found));
                }
              });
    }
  }

  /**
   * Refuses a write to a table whose time to live deletes acknowledged rows.
   *
   * @throws StoreException INVALID, with the command that corrects the table
   */
  public void requireSafe() {
    StoreException why = refusal;
    if (why != null) {
      throw why;
    }
  }

  private void learn(@Nullable StoreException found) {
    if (found != null && refusal == null) {
      LOG.warn("Writes are refused until this is corrected: {}", found.getMessage());
    } else if (found == null && refusal != null) {
      LOG.info("The time to live of DynamoDB table {} is safe again", table);
    }
    refusal = found;
    metrics.gauge("unsafe-time-to-live." + table, found == null ? 0 : 1);
  }
}
