package io.dimstore.events;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code events generate}. */
@Command(
    name = "generate",
    description = {
      "Writes made-up events and dimension changes: the same bytes for the same options.",
      "Users and items are drawn by exact Zipf distributions."
    },
    sortOptions = false,
    showDefaultValues = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  dimstore events generate --seed 7 --count 100000 --out /tmp/events",
      "  dimstore events generate --count 600000 --rate 10000 --bootstrap localhost:9092"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--seed", paramLabel = "N", description = "What all draws follow from.")
  private long seed = GeneratorOptions.defaults().seed();

  @Option(names = "--count", paramLabel = "N", description = "Events to make.")
  private long count = GeneratorOptions.defaults().count();

  @Option(names = "--users", paramLabel = "N", description = "Users that events are drawn from.")
  private int users = GeneratorOptions.defaults().keys().users();

  @Option(names = "--items", paramLabel = "N", description = "Items that events are drawn from.")
  private int items = GeneratorOptions.defaults().keys().items();

  @Option(
      names = "--zipf",
      paramLabel = "S",
      description = "Exponent of both popularities; 0 is uniform.")
  private double zipf = GeneratorOptions.defaults().keys().userZipf();

  @Option(
      names = "--user-zipf",
      paramLabel = "S",
      description = "The users' own, instead of --zipf.")
  private @Nullable Double userZipf;

  @Option(
      names = "--item-zipf",
      paramLabel = "S",
      description = "The items' own, instead of --zipf.")
  private @Nullable Double itemZipf;

  @Option(
      names = "--changes",
      paramLabel = "SHARE",
      description = "Events before which the row of their user changes; likewise of their item.")
  private double changes = GeneratorOptions.defaults().changes().share();

  @Option(
      names = "--deletes",
      paramLabel = "SHARE",
      description = "Of these changes, those that delete the row.")
  private double deletes = GeneratorOptions.defaults().changes().deletes();

  @Option(
      names = "--rowless",
      paramLabel = "SHARE",
      description = "Users that never have a dimension row.")
  private double rowless = GeneratorOptions.defaults().changes().rowless();

  @Option(
      names = "--nulls",
      paramLabel = "SHARE",
      description = "Nulls among countries, levels, categories and list prices.")
  private double nulls = GeneratorOptions.defaults().changes().nulls();

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      description = "Events that lie before the newest event so far.")
  private double late = GeneratorOptions.defaults().times().late();

  @Option(
      names = "--late-by",
      paramLabel = "DURATION",
      description = "By how much at most, in ISO-8601.")
  private Duration lateBy = GeneratorOptions.defaults().times().lateBy();

  @Option(
      names = "--ties",
      paramLabel = "SHARE",
      description = "Events that have the user and the time of the event before them.")
  private double ties = GeneratorOptions.defaults().times().ties();

  @Option(names = "--returns", paramLabel = "SHARE", description = "Events that are returns.")
  private double returns = GeneratorOptions.defaults().returns();

  @Option(
      names = "--mean-gap",
      paramLabel = "DURATION",
      description = "Mean distance of events by event time, in ISO-8601.")
  private Duration meanGap = GeneratorOptions.defaults().times().meanGap();

  @Option(names = "--base-time", paramLabel = "TIME", description = "Where event time starts.")
  private Instant baseTime = GeneratorOptions.defaults().times().base();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Events to send per second; without it, as fast as possible.")
  private @Nullable Double rate;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    EventInput input;
    Pace pace;
    try {
      input = EventInput.generate(options());
      pace = rate == null ? new Pace.Unpaced() : new Pace.Rate(rate);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
    }
    output.run(spec, input, pace, false);
    return 0;
  }

  private GeneratorOptions options() {
    double usersExponent = userZipf == null ? zipf : userZipf;
    double itemsExponent = itemZipf == null ? zipf : itemZipf;
    return new GeneratorOptions(
        seed,
        count,
        new GeneratorOptions.Keys(users, items, usersExponent, itemsExponent),
        new GeneratorOptions.Changes(changes, deletes, rowless, nulls),
        new GeneratorOptions.Times(baseTime, meanGap, late, lateBy, ties),
        returns);
  }
}
