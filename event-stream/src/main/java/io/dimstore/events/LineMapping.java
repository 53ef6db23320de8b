package io.dimstore.events;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How the lines of one format become records. Holds the state of one run through a file. */
interface LineMapping {

  /** Fields that a line must have. */
  int fields();

  /** The header that a file must begin with, or null where it may do without. */
  @Nullable String requiredHeader();

  /** Whether the first line of the file is its header. */
  boolean isHeader(String firstLine);

  /**
   * Yields the dimension changes that the line shows, then its event.
   *
   * @param line number of the line; the first after the header is 1
   * @throws Refusal where the line cannot be an event; nothing was yielded and no state changed
   */
  void map(long line, List<String> fields, Consumer<StreamRecord> out) throws Refusal;
}
