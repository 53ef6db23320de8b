// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import java.io.Serializable;
import java.time.Duration;

/**
 * The limits of a user's history.
 *
 * @param lateness how much older than the user's newest event an event may be
 * @param stateTtl wall-clock time after which the state of a user without events expires
 * @param largeFrom the number of events from which a history is stored as a tree
 * @param maxEvents the maximum number of events in a history
 */
public record LookBackLimits(Duration lateness, Duration stateTtl, int largeFrom, long maxEvents)
    implements Serializable {

  private static final long serialVersionUID = 1L;

  /**
   * The number of events from which an event of a short history costs more than one of a tree, on
   * RocksDB.
   */
  static final int LARGE_FROM = 2_000;

  /** Returns the limits with the number of events from which a tree costs less. */
  public static LookBackLimits of(Duration lateness, Duration stateTtl, long maxEvents) {
    return new LookBackLimits(lateness, stateTtl, LARGE_FROM, maxEvents);
  }
}
