// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Usage;
import io.dimstore.migration.gate.Limits;
import io.dimstore.migration.phase.MigrationState;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate plan}. */
@Command(
    name = "plan",
    description =
        "Begins the migration of a table: stores its state and the limits of its gates in the shared"
            + " records of the new store. Changes nothing else.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate plan --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate plan --from hbase-redis --to dynamodb --dimension user \\",
      "      --mismatch-rate 0.0001 --latency-ratio 1.5 --forecast forecast.json"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PlanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private StepOptions options;

  @Option(
      names = "--mismatch-rate",
      paramLabel = "SHARE",
      defaultValue = "0.000001",
      description =
          "Share of lookups that may differ. The upper end of its 95 %% interval has to be below.")
  private double mismatchRate;

  @Option(
      names = "--latency-ratio",
      paramLabel = "X",
      defaultValue = "1.2",
      description = "How much slower the 99th percentile of lookups may be in the new store.")
  private double latencyRatio;

  @Option(
      names = "--propagation",
      paramLabel = "DURATION",
      description =
          "Time after which every job acts on a change: 'mode.validity' plus 'deadline' of the job"
              + " with the largest values. The steps wait that long after each change. By default"
              + " the sum of these options as --mirror-option gives them: 20s if it does not.")
  private @Nullable Duration propagation;

  @Option(
      names = "--forecast",
      paramLabel = "FILE",
      description =
          "Result of 'bin/dimstore forecast --json', which the cost is judged against. It is stored"
              + " with the plan.")
  private @Nullable Path forecast;

  @Override
  public Integer call() throws InterruptedException {
    StoredForecast planned = forecast == null ? null : StoredForecast.read(forecast);
    MirrorOptions mirror = options.mirrorOptions();
    Duration waits = mirror.propagation(propagation);
    Limits d = Limits.DEFAULT;
    Limits limits;
    try {
      limits =
          new Limits(
              d.verificationAge(),
              d.evidenceAge(),
              d.drillAge(),
              mismatchRate,
              d.replicationLag(),
              latencyRatio,
              d.throttledShare(),
              d.costDeviation());
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
    try (OpenMigration migration = options.open()) {
      migration.requireKnownOptions(mirror);
      String text =
          "from "
              + migration.tables().from().store()
              + " to "
              + migration.tables().to().store()
              + (planned == null ? "" : ", forecast " + planned.sha256());
      PrintWriter out = spec.commandLine().getOut();
      if (options.isDryRun()) {
        sayWhatWouldBePlanned(migration, text, waits);
      } else {
        migration
            .runner()
            .plan(
                new MigrationState.Plan(
                    PlannedMigration.subject(migration.tables()), waits, mirror.given(), limits),
                text);
        if (planned != null) {
          planned.store(migration.records(), migration.tableName());
        }
        out.println("planned: " + migration.tableName() + " " + text);
      }
      limits
          .weakerThanDefault()
          .forEach(weaker -> out.println("limit that is weaker than the default: " + weaker));
      out.flush();
      return ExitCodes.OK;
    }
  }

  private void sayWhatWouldBePlanned(OpenMigration migration, String text, Duration waits)
      throws InterruptedException {
    Optional<MigrationState> replaced = migration.runner().checkPlan();
    PrintWriter out = spec.commandLine().getOut();
    out.println("would be planned: " + migration.tableName() + " " + text);
    replaced.ifPresent(
        state -> out.println("it would replace the plan of " + state.since() + ", not begun yet"));
    out.println(
        "each step would wait "
            + DurationText.of(waits)
            + " after a change, until every job acts on it");
  }
}
