package io.dimstore.flink;

/**
 * Computes when a Kafka record arrived at the latest, by clocks that its producer does not control.
 * Times inside the record are bounded with it: a time from the future would otherwise stand as the
 * newest until the clocks reach it.
 *
 * <p>Where the topic has {@code message.timestamp.type=LogAppendTime}, the broker's timestamp is
 * the answer, and every reader gets the same one for ever. Otherwise the producer chose the
 * timestamp, and the reader's clock caps it: a producer can make its own record look older, never
 * newer. A record whose timestamp is not ahead of the reader's clock, which is every record of a
 * producer whose clock is right, again gets the same answer from every reader and after every
 * restart.
 */
public final class ArrivalTime {

  /** The metadata {@code timestamp-type} of Kafka records that the broker has stamped. */
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
