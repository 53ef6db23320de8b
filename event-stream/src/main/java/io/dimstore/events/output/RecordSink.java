// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.StreamRecord;

/**
 * Receives records. Not thread-safe. Every method throws {@link EventStreamException} once the
 * output has rejected something. Some of the records written before may then be missing.
 */
public interface RecordSink extends AutoCloseable {

  /**
   * Writes a record. The record may arrive after this method returns; {@link #flush} waits for it.
   *
   * @param intendedMillis time at which the record was due, in epoch milliseconds; the current time
   *     if there is no schedule
   */
  void write(StreamRecord record, long intendedMillis);

  /** Writes a line that cannot become an event. */
  void refuse(RefusedLine line);

  /** Waits until everything written so far has arrived. */
  void flush();

  /** Flushes and releases all resources. */
  @Override
  void close();
}
