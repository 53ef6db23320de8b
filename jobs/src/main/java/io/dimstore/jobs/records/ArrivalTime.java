// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.records;

/**
 * Computes when a Kafka record arrived at the latest, by clocks that its producer does not control.
 * It limits the times inside the record: otherwise a time from the future would be the newest until
 * the clocks reach it.
 *
 * <p>If the topic has {@code message.timestamp.type=LogAppendTime}, the result is the broker's
 * timestamp, which is the same for every reader at any time. Otherwise the producer chose the
 * timestamp, and the result is at most the time of the reader's clock. So a producer can make its
 * own record appear older, never newer. If the timestamp is not ahead of the reader's clock, the
 * result is the same for every reader and after every restart. This holds for every record of a
 * producer whose clock is right.
 */
public final class ArrivalTime {

  /** The value of the metadata {@code timestamp-type} if the broker set the timestamp. */
  public static final String STAMPED_BY_BROKER = "LogAppendTime";

  private ArrivalTime() {}

  /**
   * Returns the latest possible arrival in epoch milliseconds.
   *
   * @param recordMillis the record's Kafka timestamp, negative if it has none
   * @param stampedByBroker whether the broker chose that timestamp
   * @param nowMillis the reader's clock
   */
  public static long latest(long recordMillis, boolean stampedByBroker, long nowMillis) {
    if (recordMillis < 0) {
      return nowMillis;
    }
    return stampedByBroker ? recordMillis : Math.min(recordMillis, nowMillis);
  }
}
