// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.table;

import io.dimstore.hbaseredis.internal.common.Background;
import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the settings of one HBase table periodically while the table is used, because an
 * administrator may change them during a job. Writes are refused as long as the settings would lose
 * acknowledged writes. Thread-safe.
 */
public final class SettingsMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsMonitor.class);

  private final TableAdmin admin;
  private final Layout layout;
  private final Background background;
  private final Meter meter;
  private final long intervalNanos;
  private final AtomicLong due;
  private volatile @Nullable StoreException refusal;

  public SettingsMonitor(
      TableAdmin admin, Layout layout, Background background, Meter meter, Duration interval) {
    this.admin = admin;
    this.layout = layout;
    this.background = background;
    this.meter = meter;
    this.intervalNanos = interval.toNanos();
    this.due = new AtomicLong(System.nanoTime() + intervalNanos);
  }

  /** Starts a check if one is due; never blocks. */
  public void checkIfDue() {
    long at = due.get();
    long now = System.nanoTime();
    if (now - at >= 0 && due.compareAndSet(at, now + intervalNanos)) {
      background.run(admin.checkSettings(layout).handle(this::learn));
    }
  }

  /**
   * Refuses a write to a table whose settings would lose it.
   *
   * @throws StoreException INVALID, with the command that corrects the table
   */
  public void requireSafe() {
    StoreException why = refusal;
    if (why != null) {
      throw why;
    }
  }

  private @Nullable Void learn(@Nullable Void done, @Nullable Throwable failure) {
    StoreException known = failure == null ? null : Failures.of("HBase", failure);
    if (known != null && known.kind() != Kind.INVALID) {
      // The settings could not be read, so nothing is known about them: keep the last result.
      return null;
    }
    if (known != null && refusal == null) {
      LOG.warn("Writes are refused until this is corrected: {}", known.getMessage());
    } else if (known == null && refusal != null) {
      LOG.info("The settings of HBase table {} are safe again", layout.table());
    }
    refusal = known;
    meter.gauge("hbase.unsafe-settings", layout.table().getNameAsString(), known == null ? 0 : 1);
    return null;
  }
}
