package io.dimstore.events;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A source of events and dimension changes that can be opened any number of times and yields the
 * same records each time, provided that its file stays as it is. Thread-safe.
 */
public interface EventInput {

  /** As a limit of {@link #replay}: the whole file. */
  long ALL = Long.MAX_VALUE;

  /**
   * Starts from the beginning.
   *
   * @param refused told each line that cannot be an event, in the order of the file, on the thread
   *     that reads
   * @throws EventStreamException where the file cannot be opened or is not of the format
   */
  EventReader open(Consumer<RefusedLine> refused);

  /** What a report calls this input: the generator and its options, or the file and its format. */
  String description();

  /** Made-up input that depends on the options alone. */
  static EventInput generate(GeneratorOptions options) {
    return new GeneratedInput(options);
  }

  /**
   * A real file, plain or compressed with gzip (told by its first bytes, not its name).
   *
   * @param limit lines after the header to read at most, or {@link #ALL}
   */
  static EventInput replay(Path file, ReplayFormat format, long limit) {
    return new FileInput(file, format, limit);
  }
}
