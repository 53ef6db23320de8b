// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.transfer;

/** Determines when events are due, relative to the start of the transfer. */
public sealed interface TransferPace {

  /** Sends each event as soon as the output accepts it. Without a schedule there is no lag. */
  record Unpaced() implements TransferPace {}

  /**
   * Open loop at a constant rate: event n (from 0) is due n / perSecond seconds after the start,
   * however long the output blocked for the events before it.
   */
  record Rate(double perSecond) implements TransferPace {

    /** Rejects rates that are not positive numbers. */
    public Rate {
      requirePositive("rate", perSecond);
    }
  }

  /**
   * Open loop along event time: an event that is t later than the first event is due t / factor
   * after the start. An event that is older than its predecessor is due together with it.
   */
  record Speed(double factor) implements TransferPace {

    /** Rejects factors that are not positive numbers. */
    public Speed {
      requirePositive("speed", factor);
    }
  }

  private static void requirePositive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(name + " is " + value + " and must be above 0");
    }
  }
}
