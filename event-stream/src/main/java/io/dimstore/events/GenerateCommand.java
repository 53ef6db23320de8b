// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events;

import io.dimstore.cli.ExitCodes;
import io.dimstore.events.generate.GeneratedInput;
import io.dimstore.events.generate.GeneratorOptions;
import io.dimstore.events.input.EventInput;
import io.dimstore.events.transfer.TransferPace;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code events generate}. */
@Command(
    name = "generate",
    description = {
      "Writes synthetic events and dimension changes. The same options give the same bytes.",
      "Users and items are drawn from exact Zipf distributions."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore events generate --seed 7 --count 100000 --out /tmp/events",
      "  bin/dimstore events generate --count 600000 --events-per-second 10000 \\",
      "      --bootstrap localhost:9092"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of everything that is drawn at random.")
  private long seed = GeneratorOptions.defaults().seed();

  @Option(names = "--count", paramLabel = "N", description = "Number of events to generate.")
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
      description = "Exponent of the users' popularity, instead of --zipf.")
  private @Nullable Double userZipf;

  @Option(
      names = "--item-zipf",
      paramLabel = "S",
      description = "Exponent of the items' popularity, instead of --zipf.")
  private @Nullable Double itemZipf;

  @Option(
      names = "--changes",
      paramLabel = "SHARE",
      description =
          "Share of events before which the row of their user changes; the same share for their"
              + " item.")
  private double changes = GeneratorOptions.defaults().changes().share();

  @Option(
      names = "--deletes",
      paramLabel = "SHARE",
      description = "Share of the changes of --changes that delete the row.")
  private double deletes = GeneratorOptions.defaults().changes().deletes();

  @Option(
      names = "--rowless",
      paramLabel = "SHARE",
      description = "Share of users that never have a dimension row.")
  private double rowless = GeneratorOptions.defaults().changes().rowless();

  @Option(
      names = "--nulls",
      paramLabel = "SHARE",
      description = "Share of nulls among countries, levels, categories and list prices.")
  private double nulls = GeneratorOptions.defaults().changes().nulls();

  @Option(
      names = "--late",
      paramLabel = "SHARE",
      description = "Share of events that are older than the newest event so far.")
  private double late = GeneratorOptions.defaults().times().late();

  @Option(
      names = "--late-by",
      paramLabel = "DURATION",
      defaultValue = "10m",
      description = "How much older than the newest event a late event is at most.")
  private Duration lateBy;

  @Option(
      names = "--ties",
      paramLabel = "SHARE",
      description = "Share of events that have the user and the time of the event before them.")
  private double ties = GeneratorOptions.defaults().times().ties();

  @Option(
      names = "--returns",
      paramLabel = "SHARE",
      description = "Share of events that are returns.")
  private double returns = GeneratorOptions.defaults().returns();

  @Option(
      names = "--mean-gap",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "Mean time between two events, in event time.")
  private Duration meanGap;

  @Option(names = "--base-time", paramLabel = "TIME", description = "Where event time starts.")
  private Instant baseTime = GeneratorOptions.defaults().times().base();

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    EventInput input;
    TransferPace pace;
    try {
      input = GeneratedInput.of(options());
      pace = output.pace();
    } catch (IllegalArgumentException e) {
      throw OutputOptions.refused(e);
    }
    output.run(spec, input, pace, false);
    return ExitCodes.OK;
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
