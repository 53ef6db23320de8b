// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.ClusterOptions;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.jobs.run.ClusterJob;
import io.dimstore.jobs.run.ClusterPreflight;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.backfill.Backfill;
import io.dimstore.migration.backfill.BackfillListener;
import io.dimstore.migration.backfill.BackfillResult;
import io.dimstore.migration.backfill.BackfillRun;
import io.dimstore.migration.backfill.BackfillSettings;
import io.dimstore.migration.backfill.SplitProgress;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.store.Calls;
import io.dimstore.migration.store.Clock;
import io.dimstore.migration.store.Side;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate backfill}. */
@Command(
    name = "backfill",
    description =
        "Copies a table to another store, with its versions, expiries and tombstones, and creates it"
            + " there if it does not exist. Safe beside live writes in both stores. It may be killed"
            + " at any time: the same command continues, and several processes share the work."
            + " Ends with exit code 3 if some rows could not be copied.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate backfill --from hbase-redis --from-option zookeeper.quorum=zk:2181 \\",
      "      --from-option redis.host=cache --to dynamodb --to-option region=us-east-1 \\",
      "      --to-option write.units-per-second=2000 --dimension user",
      "  bin/dimstore migrate backfill --from hbase-redis --from-config hbase.properties \\",
      "      --to dynamodb --to-config dynamodb.properties --sql merchant.sql \\",
      "      --impact-factor 1.5 --processes 4 --json backfill.json",
      "  bin/dimstore migrate backfill --from hbase-redis --from-config hbase.properties \\",
      "      --to dynamodb --to-config dynamodb.properties --dimension user \\",
      "      --cluster http://flink:8081 --processes 8 --follow"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BackfillCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private MigrationTables tables;

  @Mixin private BulkOptions bulk;

  @Mixin private ClusterOptions cluster;

  @Option(
      names = "--processes",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Processes that run this backfill at the same time. Each keeps to its part of the limits"
              + " of units per second. With --cluster, the subtasks of the job.")
  private int processes;

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description = "Time after which others take the splits of a process that reports nothing.")
  private Duration lease;

  @Option(
      names = "--restart",
      description = "Copy everything again, although a backfill has begun or ended.")
  private boolean restart;

  @Override
  public Integer call() throws InterruptedException {
    Usage.requireAtLeast(1, "--processes", processes);
    bulk.check();
    if (lease.compareTo(Duration.ofSeconds(1)) < 0) {
      throw Usage.badValue("--lease", lease.toMillis() + "ms", "must be at least 1s");
    }
    URI address = cluster.cluster();
    MigrationTables.Pair pair = tables.tables(StorePing.Scope.ALL);
    if (address != null) {
      ClusterPreflight.require(address);
    }
    StorePreflight.requireForJob(pair.fromPing(), List.of(pair.from()), List.of());
    StorePreflight.requireForJob(pair.toPing(), List.of(), List.of(pair.to()));
    try (DimensionStore source = pair.from().open();
        DimensionStore target = pair.to().open()) {
      SharedRecords records =
          target
              .capability(SharedRecords.class)
              .orElseThrow(
                  () ->
                      Usage.badValue(
                          "--to",
                          pair.to().store(),
                          "must be a store that keeps shared records, for the ledger"));
      Side into = side(pair.to(), target);
      PlannedMigration migration = PlannedMigration.of(target, pair).orElse(null);
      long mirroring = 0;
      if (migration != null) {
        Calls calls = new Calls(Clock.SYSTEM, settings().patience());
        mirroring = migration.requireBackfill(Backfill.ledger(records, into, calls).run(), restart);
      }
      Progress progress = new Progress(spec.commandLine().getErr());
      Backfill backfill =
          new Backfill(side(pair.from(), source), into, records, settings(), shown(progress));
      if (bulk.isDryRun()) {
        print(pair, backfill.outlook(restart), exists(target, pair.to()));
        return ExitCodes.OK;
      }
      StoreCalls.await(target.createIfAbsent(pair.to().spec()));
      if (address != null) {
        var unused = backfill.begin(restart, mirroring);
        return onCluster(address, pair, records, mirroring, progress);
      }
      BackfillResult result = backfill.run(restart, mirroring);
      print(result);
      bulk.writeJson(result);
      if (migration != null) {
        recordEnd(migration, into, target, settings(), result);
      }
      return result.state() == BackfillResult.State.COMPLETE ? ExitCodes.OK : ExitCodes.NEGATIVE;
    }
  }

  /** Records the end of a backfill, with the mirroring that the ledger says it belongs to. */
  static void recordEnd(
      PlannedMigration migration,
      Side into,
      DimensionStore target,
      BackfillSettings settings,
      BackfillResult result)
      throws InterruptedException {
    SharedRecords records = target.capability(SharedRecords.class).orElseThrow();
    Calls calls = new Calls(Clock.SYSTEM, settings.patience());
    BackfillRun run = Backfill.ledger(records, into, calls).run();
    migration.record(result, run == null ? 0 : run.mirroring());
  }

  /** Submits a job that copies what is planned, and follows it if that is wanted. */
  private int onCluster(
      URI address,
      MigrationTables.Pair pair,
      SharedRecords records,
      long mirroring,
      Progress progress)
      throws InterruptedException {
    BackfillJob.Work work = BackfillJob.Work.of(pair, settings(), mirroring, Operator.current());
    JobClient job = BackfillJob.submit(address, work);
    PrintWriter out = spec.commandLine().getOut();
    out.println(ClusterJob.line(job, address));
    out.flush();
    if (!cluster.isAwaited()) {
      return ExitCodes.OK;
    }
    follow(job, records, pair.to().spec().name(), progress);
    BackfillResult result = work.result();
    printTotals(result);
    bulk.writeJson(result);
    return result.state() == BackfillResult.State.COMPLETE ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  /** Shows the progress in the ledger until the job has ended. */
  private static void follow(JobClient job, SharedRecords records, String table, Progress progress)
      throws InterruptedException {
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    BackfillListener shown = shown(progress);
    while (true) {
      try {
        var unused = end.get(1, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        show(records, table, shown);
      } catch (ExecutionException e) {
        throw new MigrationException(
            "The job failed: "
                + FailureText.inOneLine(e)
                + ". What was copied is in the ledger: run the command again to go on",
            e);
      }
    }
  }

  private static void show(SharedRecords records, String table, BackfillListener shown)
      throws InterruptedException {
    try {
      BackfillState.read(records, table, Instant.now())
          .ifPresent(now -> shown.progress(now.entries(), now.done(), now.splits(), 1));
    } catch (StoreException e) {
      // The job goes on, and so does the command. Its end says what became of the job.
      if (!e.kind().isRetryable()) {
        throw e;
      }
    }
  }

  static Side side(StoreTable table, DimensionStore store) {
    return new Side(
        table.store() + ":" + table.spec().name(), table.spec(), store.table(table.spec()));
  }

  private BackfillSettings settings() {
    BackfillSettings d = BackfillSettings.defaults();
    Duration save = lease.dividedBy(4);
    return new BackfillSettings(
        d.splits(),
        bulk.splitsAtOnce(),
        bulk.batch(),
        d.pagesInFlight(),
        bulk.rowsPerSecond(),
        processes,
        lease,
        save.compareTo(d.saveInterval()) < 0 ? save : d.saveInterval(),
        d.patience(),
        bulk.impactFactor(),
        d.probesPerSecond(),
        d.young());
  }

  private static BackfillListener shown(Progress progress) {
    return (entries, done, splits, share) -> {
      long total = done == 0 ? -1 : entries * splits / done;
      String slowed =
          share < 1
              ? String.format(Locale.ROOT, ", slowed down to %.0f %% of the time", share * 100)
              : "";
      progress.update(
          String.format(Locale.ROOT, "backfill, %d of %d splits%s", done, splits, slowed),
          entries,
          total);
    };
  }

  private static boolean exists(DimensionStore store, StoreTable table)
      throws InterruptedException {
    try {
      StoreCalls.await(store.validate(table.spec()));
      return true;
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.NO_TABLE) {
        throw e;
      }
      return false;
    }
  }

  private void print(MigrationTables.Pair pair, Backfill.Outlook outlook, boolean exists) {
    PrintWriter out = spec.commandLine().getOut();
    String tables =
        pair.from().store()
            + ":"
            + pair.from().spec().name()
            + " to "
            + pair.to().store()
            + ":"
            + pair.to().spec().name();
    BackfillRun found = outlook.found();
    String earlier =
        found == null
            ? ""
            : String.format(
                Locale.ROOT,
                "the backfill that began at %s: %d of %d splits done, %,d entries copied",
                Instant.ofEpochMilli(found.createdAtMillis()),
                outlook.done(),
                found.splits(),
                outlook.entries());
    if (found == null || restart) {
      out.printf(Locale.ROOT, "would copy %s, %d splits%n", tables, outlook.splits());
      if (found != null) {
        out.println("it would not continue " + earlier);
      }
    } else {
      out.printf(Locale.ROOT, "would copy %s, %d splits that are left%n", tables, outlook.splits());
      out.println("it would continue " + earlier);
    }
    out.println(
        "rate: "
            + bulk.rate(pair.from())
            + BulkOptions.unitsPerSecond(pair.from(), "read")
            + BulkOptions.unitsPerSecond(pair.to(), "write")
            + (processes == 1 ? "" : ", divided by " + processes + " processes"));
    if (!exists) {
      out.println("it would create table " + pair.to().spec().name() + " in " + pair.to().store());
    }
    out.flush();
  }

  private void print(BackfillResult result) {
    printTotals(result);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "this process: %,d entries in %,.1f s%n",
        result.entriesByThisProcess(),
        result.millis() / 1e3);
    out.flush();
  }

  private void printTotals(BackfillResult result) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%s to %s: %,d rows and %,d tombstones copied, %,d unreadable, %,d refused, %d splits%n",
        result.from(),
        result.to(),
        result.rows(),
        result.tombstones(),
        result.unreadable(),
        result.refused(),
        result.splits());
    for (SplitProgress.Problem problem : result.problems().stream().limit(10).toList()) {
      out.println("not copied: " + problem.key() + ": " + problem.reason());
    }
    out.flush();
  }
}
