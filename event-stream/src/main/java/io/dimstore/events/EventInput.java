// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A source of events and dimension changes that can be opened any number of times and yields the
 * same records each time, provided that its file stays as it is. Thread-safe.
 */
public interface EventInput {

  /** The limit of {@link #replay} that reads the whole file. */
  long ALL = Long.MAX_VALUE;

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

  /** Returns a synthetic input whose records depend on the options alone. */
  static EventInput generate(GeneratorOptions options) {
    return new GeneratedInput(options);
  }

  /**
   * Returns an input that reads a real file, plain or compressed with gzip. Compression is
   * recognised by the file's first bytes, not by its name.
   *
   * @param limit maximum number of lines to read after the header, or {@link #ALL}
   */
  static EventInput replay(Path file, ReplayFormat format, long limit) {
    return new FileInput(file, format, limit);
  }
}
