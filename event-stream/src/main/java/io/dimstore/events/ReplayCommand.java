package io.dimstore.events;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code events replay}. */
@Command(
    name = "replay",
    description = {
      "Writes the events of a real file, and the dimension changes that it shows.",
      "Lines that cannot be an event are counted by reason and kept."
    },
    sortOptions = false,
    showDefaultValues = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  dimstore events replay online-retail.csv.gz --format online-retail --out /tmp/events",
      "  dimstore events replay UserBehavior.csv --format user-behavior --limit 1000000 \\",
      "      --speed 3600 --bootstrap localhost:9092 --refused refused.jsonl"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "CSV, plain or compressed with gzip.")
  private Path file;

  @Option(
      names = "--format",
      required = true,
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      completionCandidates = FormatNames.class,
      description = "What the file holds: ${COMPLETION-CANDIDATES}.")
  private ReplayFormat format;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Lines after the header to read at most; without it, all.")
  private @Nullable Long limit;

  @Option(
      names = "--speed",
      paramLabel = "X",
      description = "Send along event time, X times as fast; without it, as fast as possible.")
  private @Nullable Double speed;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events to send per second, instead of --speed.")
  private @Nullable Double rate;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    if (!Files.isRegularFile(file)) {
      throw new ParameterException(spec.commandLine(), "FILE: there is no file " + file);
    }
    if (speed != null && rate != null) {
      throw new ParameterException(spec.commandLine(), "--speed and --rate exclude each other");
    }
    if (limit != null && limit < 0) {
      throw new ParameterException(spec.commandLine(), "--limit must not be negative");
    }
    long lines = limit == null ? EventInput.ALL : limit;
    output.run(spec, EventInput.replay(file, format, lines), pace(), true);
    return 0;
  }

  private Pace pace() {
    try {
      if (speed != null) {
        return new Pace.Speed(speed);
      }
      return rate == null ? new Pace.Unpaced() : new Pace.Rate(rate);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
  }

  /** The names of the formats, for the help. */
  static final class FormatNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      List<String> names = Arrays.stream(ReplayFormat.values()).map(ReplayFormat::id).toList();
      return names.iterator();
    }
  }

  /** A format by its name. */
  static final class FormatConverter implements ITypeConverter<ReplayFormat> {
    @Override
    public ReplayFormat convert(String value) {
      try {
        return ReplayFormat.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
