// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.input;

import io.dimstore.events.record.StreamRecord;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** Supplies the records of an {@link EventReader} step by step. */
public interface RecordSource extends Closeable {

  /**
   * Passes the records of the next step to {@code out}: an event, preceded by its dimension
   * changes. Passes none if the line was refused.
   *
   * @return false at the end; then no record was passed on
   */
  boolean next(Consumer<StreamRecord> out) throws IOException;

  /** Returns the number of steps so far. */
  long linesRead();

  /** Returns the number of refused steps so far, by reason. */
  Map<String, Long> refused();

  /** Returns the current position, for error messages. */
  String position();
}
