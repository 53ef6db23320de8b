// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.lookback;

import io.dimstore.features.input.ParsedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The histories of all users in the memory of one process, for a program that computes look-backs
 * without Flink. It gives the results of {@link LookBackStream} as long as no user's state expires.
 * Every history is held as a whole, however long it is. Not thread-safe.
 */
public final class LookBackTable {

  /** The number of windows. They are numbered from 0, shortest first. */
  public static final int WINDOWS = LookBackWindows.COUNT;

  private final Map<String, UserHistory> histories = new HashMap<>();
  private final LookBack lookBack = new LookBack();
  private final long lateness;

  /**
   * Creates an empty table.
   *
   * @param lateness how much older than its user's newest an event may be
   */
  public LookBackTable(Duration lateness) {
    this.lateness = lateness.toMillis();
  }

  /**
   * Adds an event and computes its look-back, which the other methods return until the next call.
   *
   * @return false if the event is too late; it is then not added
   */
  public boolean add(ParsedEvent event) {
    return histories
        .computeIfAbsent(event.userId(), user -> new UserHistory())
        .add(
            event.timeMillis(),
            event.itemId().getBytes(StandardCharsets.UTF_8),
            event.kind(),
            event.amount(),
            lateness,
            lookBack);
  }

  /** Returns the number of events in a window. */
  public long events(int window) {
    return lookBack.get(window * LookBack.PER_WINDOW);
  }

  /** Returns the number of purchases in a window. */
  public long buys(int window) {
    return lookBack.get(window * LookBack.PER_WINDOW + 1);
  }

  /** Returns the number of returns in a window. */
  public long returns(int window) {
    return lookBack.get(window * LookBack.PER_WINDOW + 2);
  }

  /** Returns the sum of the purchases in a window, in minor units. */
  public long spend(int window) {
    return lookBack.get(window * LookBack.PER_WINDOW + 3);
  }

  /** Returns the sum of the returns in a window, in minor units. */
  public long returned(int window) {
    return lookBack.get(window * LookBack.PER_WINDOW + 4);
  }

  /** Returns the number of different items in a window. */
  public long items(int window) {
    return lookBack.get(window * LookBack.PER_WINDOW + 5);
  }
}
