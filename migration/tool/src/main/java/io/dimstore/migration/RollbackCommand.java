// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Usage;
import io.dimstore.migration.phase.Transition;
import io.dimstore.migration.step.Outlook;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate rollback}. */
@Command(
    name = "rollback",
    description =
        "Makes the old store the one that decides and answers again. If the old store already decides"
            + " and answers, ends the writes to the new store. If the new store is down for good, the"
            + " old one can take over alone.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate rollback --from hbase-redis --to dynamodb --dimension user",
      "  bin/dimstore migrate rollback --from hbase-redis --to dynamodb --dimension user --drill",
      "  bin/dimstore migrate rollback --from hbase-redis --to dynamodb --dimension user \\",
      "      --without-new-store --reason 'the region is lost, incident 42'"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RollbackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private StepOptions options;

  @Option(
      names = "--drill",
      description = "Return to the present state afterwards, and record how long the way took.")
  private boolean drill;

  @Option(
      names = "--without-new-store",
      description =
          "Let the old store take over alone because the new one is down for good. Refused while the"
              + " new store answers. Needs --reason. When the new store is back, run rollback again"
              + " without this option.")
  private boolean withoutNewStore;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      description =
          "Why --without-new-store is needed. Kept in the old store, and in the log later.")
  private @Nullable String reason;

  @Override
  public Integer call() throws InterruptedException {
    if (withoutNewStore != (reason != null && !reason.isBlank()) || (withoutNewStore && drill)) {
      throw Usage.error("--without-new-store needs --reason REASON, and no other step has one");
    }
    if (reason != null) {
      return takeOver(reason);
    }
    return options.run(
        Transition.ROLLBACK,
        drill ? "drill" : "",
        (migration, state) -> drill ? migration.steps().drillOutlook(state) : Outlook.GOOD,
        migration -> drill ? migration.steps().drill() : migration.steps().rollBack());
  }

  private int takeOver(String why) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try (OpenMigration migration = options.openWithoutNewStore()) {
      if (options.isDryRun()) {
        out.println("the old store would take over alone, unless the new one answers then");
        out.flush();
        return ExitCodes.OK;
      }
      boolean answered = migration.takeOver(why);
      out.println("rollback: the old store decides and answers alone");
      out.println(
          "Writes that only the new store has taken are missing. When it is back, run rollback:"
              + " the jobs copy them then");
      if (answered) {
        out.println(
            "The new store answered meanwhile: jobs that reach it, but not the old store, may still"
                + " use it. Run rollback now");
      }
      out.flush();
      return answered ? ExitCodes.NEGATIVE : ExitCodes.OK;
    }
  }
}
