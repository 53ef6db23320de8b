// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.settings;

import io.dimstore.cli.Usage;
import io.dimstore.events.generate.GeneratedInput;
import io.dimstore.events.generate.GeneratorOptions;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.replay.FileInput;
import io.dimstore.events.replay.ReplayFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose the events, for every command that runs the feature job on arms. */
public final class InputOptions {

  private static final String GENERATE = "generate";

  @Option(
      names = "--input",
      paramLabel = "generate|FILE",
      defaultValue = GENERATE,
      description = "Events to use: seeded synthetic ones, or those of a file, plain or .gz.")
  private String inputName = GENERATE;

  @Option(
      names = "--input-format",
      paramLabel = "online-retail|user-behavior",
      description = "What the file holds. docs/event-stream.md has the mapping of each format.")
  private @Nullable ReplayFormat format;

  /** For picocli. */
  public InputOptions() {}

  /**
   * Returns the chosen input.
   *
   * @param generated number of synthetic events
   * @param lines number of lines to read of a file, or {@link FileInput#ALL}
   * @param seed of synthetic events
   * @throws io.dimstore.cli.UsageException if the options contradict each other or name no file
   */
  public EventInput input(long generated, long lines, long seed) {
    if (inputName.equals(GENERATE)) {
      if (format != null) {
        throw Usage.error("--input-format goes with --input FILE");
      }
      return GeneratedInput.of(GeneratorOptions.defaults().withSeed(seed).withCount(generated));
    }
    Path file = Path.of(inputName);
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw Usage.badValue("--input", file, "must be a file that can be read, or 'generate'");
    }
    if (format == null) {
      throw Usage.error(
          "--input FILE needs --input-format online-retail or --input-format user-behavior");
    }
    return FileInput.of(file, format, lines);
  }
}
