package io.dimstore.events;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;

/** What an {@link EventReader} draws from, step by step. */
interface RecordSource extends Closeable {

  /**
   * Yields what the next step holds: an event with the changes that precede it, or nothing where a
   * line was refused.
   *
   * @return false, and nothing yielded, at the end
   */
  boolean next(Consumer<StreamRecord> out) throws IOException;

  /** Steps so far. */
  long linesRead();

  /** Steps so far that were refused, by reason. */
  Map<String, Long> refused();

  /** Where the reading stands, for the message of a failure. */
  String position();
}
