package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the settings of one table in HBase again from time to time while the table is used, since
 * an administrator may change them under a running job. While they would lose acknowledged writes,
 * writes are refused. Thread-safe.
 */
final class SettingsWatch {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);

  private final TableAdmin admin;
  private final Layout layout;
  private final Background background;
  private final Meter meter;
  private final long intervalNanos;
  private final AtomicLong due;
  private volatile @Nullable StoreException refusal;

  SettingsWatch(
      TableAdmin admin, Layout layout, Background background, Meter meter, Duration interval) {
    this.admin = admin;
    this.layout = layout;
    this.background = background;
    this.meter = meter;
    this.intervalNanos = interval.toNanos();
    this.due = new AtomicLong(System.nanoTime() + intervalNanos);
  }

  /** Starts to read the settings if it is time; never blocks. */
  void poke() {
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
  void requireSafe() {
    StoreException why = refusal;
    if (why != null) {
      throw why;
    }
  }

  private @Nullable Void learn(@Nullable Void done, @Nullable Throwable failure) {
    StoreException known = failure == null ? null : Failures.of("HBase", failure);
    if (known != null && known.kind() != Kind.INVALID) {
      // What cannot be read now says nothing about the settings.
      return null;
    }
    if (known != null && refusal == null) {
      LOG.warn("Writes are refused until this is corrected: {}", known.getMessage());
    } else if (known == null && refusal != null) {
      LOG.info("The settings of HBase table {} are safe again", layout.table());
    }
    refusal = known;
    meter.gauge("hbase.unsafe-settings." + layout.table().getNameAsString(), known == null ? 0 : 1);
    return null;
  }
}
