// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.replay;

import io.dimstore.events.record.StreamRecord;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Maps the lines of one format to records. Holds the state of one run through a file. */
interface LineMapping {

  /** Returns the number of fields that a line must have. */
  int fields();

  /** Returns the header that a file must begin with, or null if the format does not require one. */
  @Nullable String requiredHeader();

  /** Whether the first line of the file is its header. */
  boolean isHeader(String firstLine);

  /**
   * Passes the dimension changes that the line shows to {@code out}, then its event.
   *
   * @param line number of the line; the first after the header is 1
   * @throws Refusal if the line cannot become an event; then no record was passed on and the state
   *     has not changed
   */
  void map(long line, List<String> fields, Consumer<StreamRecord> out) throws Refusal;
}
