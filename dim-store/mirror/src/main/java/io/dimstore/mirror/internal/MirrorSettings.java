// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.CommonOptions;
import java.time.Duration;

/** The values of the mirror's own options. */
record MirrorSettings(
    Duration deadline,
    Duration modeRefresh,
    Duration modeValidity,
    Duration otherTimeout,
    String intentsTable,
    Duration reconcileInterval,
    Duration reconcileAbsentAfter,
    Duration reconcileUnknownAfter,
    Duration tombstoneRetention,
    int shadowQueue,
    Duration shadowRecheck,
    Duration shadowPublish) {

  private static final Duration MOST_PAUSE = Duration.ofMinutes(5);
  private static final Duration LEAST_PAUSE = Duration.ofSeconds(10);

  /** Returns when the answers of the side that keeps intents are believed. */
  IntentReconciler.Limits reconcileLimits() {
    Duration half = tombstoneRetention.dividedBy(2);
    Duration most = half.compareTo(MOST_PAUSE) < 0 ? half : MOST_PAUSE;
    return new IntentReconciler.Limits(
        reconcileAbsentAfter,
        reconcileUnknownAfter,
        tombstoneRetention,
        most.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : most);
  }

  /**
   * Reads the options.
   *
   * @throws StoreException INVALID for values that do not fit together
   */
  static MirrorSettings of(StoreConfig config) {
    MirrorSettings settings =
        new MirrorSettings(
            config.get(CommonOptions.DEADLINE),
            config.get(MirrorOptions.MODE_REFRESH),
            config.get(MirrorOptions.MODE_VALIDITY),
            config.get(MirrorOptions.OTHER_TIMEOUT),
            config.get(MirrorOptions.INTENTS_TABLE),
            config.get(MirrorOptions.RECONCILE_INTERVAL),
            config.get(MirrorOptions.RECONCILE_ABSENT_AFTER),
            config.get(MirrorOptions.RECONCILE_UNKNOWN_AFTER),
            config.get(CommonOptions.TOMBSTONE_RETENTION),
            config.get(MirrorOptions.SHADOW_QUEUE),
            config.get(MirrorOptions.SHADOW_RECHECK),
            config.get(MirrorOptions.SHADOW_PUBLISH));
    if (settings.modeRefresh.isZero()
        || settings.reconcileInterval.isZero()
        || settings.shadowPublish.isZero()) {
      throw StoreException.invalid(
          "Options 'mode.refresh', 'reconcile.interval' and 'shadow.publish-interval' are longer than"
              + " 0");
    }
    if (settings.modeRefresh.compareTo(settings.modeValidity) >= 0) {
      throw StoreException.invalid(
          "Option 'mode.validity' must be longer than 'mode.refresh': otherwise the mode is always"
              + " out of date");
    }
    return settings;
  }
}
