package io.dimstore.events;

/**
 * Where records go. Not thread-safe. Every method fails with {@link EventStreamException} once the
 * output does not take something: then what was written before may be there in part.
 */
public interface RecordSink extends AutoCloseable {

  /**
   * Takes a record. It may still be under way when this returns, until {@link #flush}.
   *
   * @param intendedMillis when it was due, in epoch milliseconds; the present where there is no
   *     schedule
   */
  void write(StreamRecord record, long intendedMillis);

  /** Takes a line that cannot be an event. */
  void refuse(RefusedLine line);

  /** Returns when all that was written has arrived. */
  void flush();

  /** Flushes and lets go of what it holds. */
  @Override
  void close();
}
