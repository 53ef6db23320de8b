// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.input;

import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.RefusedLine;
import java.util.function.Consumer;

/**
 * A source of events and dimension changes that can be opened any number of times and yields the
 * same records each time, provided that its file stays as it is. Thread-safe.
 */
public interface EventInput {

  /**
   * Opens the input at its beginning.
   *
   * @param refused receives each line that cannot become an event, in the order of the file, on the
   *     thread that reads
   * @throws EventStreamException if the file cannot be opened or does not have the format
   */
  EventReader open(Consumer<RefusedLine> refused);

  /**
   * Returns the input's name in reports: the generator and its options, or the file and its format.
   */
  String description();
}
