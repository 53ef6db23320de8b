package io.dimstore.writer;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.ScanSplit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code write check}. */
@Command(
    name = "check",
    description =
        "Compares the copies of a store over whole tables and says how they differ. A row that is"
            + " not copied is no difference. Safe beside running jobs.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:in step, or healed",
      "1:differences are left, or the store failed",
      "2:wrong usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore write check --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "      --store-option redis.host=cache --dimension user",
      "  bin/dimstore write check --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "      --store-option redis.host=cache --rate 5000 --repair --json check.json",
      "  bin/dimstore write check --sql job.sql"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {

  private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

  @Spec private CommandSpec spec;

  @Mixin private MaintainedTables maintained;

  @Option(
      names = "--repair",
      description =
          "Take what differs out of the copy, unless it has changed meanwhile. The truth is never"
              + " touched.")
  private boolean repair;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Rows and entries to read in a second at most; 0 for no limit. Default: ${DEFAULT-VALUE}.")
  private int rate = 20_000;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Keys to compare in one call. Default: ${DEFAULT-VALUE}.")
  private int batch = 500;

  @Option(
      names = "--splits",
      paramLabel = "N",
      description = "Parts to divide a table into, one after another. Default: ${DEFAULT-VALUE}.")
  private int splits = 16;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the result there too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException {
    requireAtLeast(1, "--batch", batch);
    requireAtLeast(1, "--splits", splits);
    requireAtLeast(0, "--rate", rate);
    PrintWriter out = spec.commandLine().getOut();
    List<CheckReport.Table> tables = new ArrayList<>();
    for (StoreTable table : maintained.tables()) {
      Gauges gauges = new Gauges();
      try (DimensionStore open = table.open(gauges)) {
        if (!(open.table(table.spec()) instanceof Maintenance copies)) {
          maintained.passOver(table, "compare");
          continue;
        }
        Preflight.await(open.validate(table.spec()));
        CheckResult result = check(table.spec().name(), copies);
        Maintenance.Backlog backlog = Backlogs.of(copies);
        result.print(table.spec().name(), backlog, out);
        gauges.print(table.spec().name(), out);
        out.flush();
        tables.add(
            new CheckReport.Table(
                table.store(), table.spec().name(), result, backlog, gauges.values()));
      }
    }
    CheckReport report = new CheckReport(repair, tables);
    if (json != null) {
      report.write(json);
    }
    return report.left() == 0 ? 0 : WriterMain.FAILED;
  }

  private CheckResult check(String table, Maintenance copies) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    CheckResult result = new CheckResult();
    List<ScanSplit> parts = Preflight.await(copies.checkSplits(splits));
    long start = System.nanoTime();
    long told = start;
    for (int i = 0; i < parts.size(); i++) {
      ScanSplit rest = parts.get(i);
      while (rest != null) {
        CheckPage page = Preflight.await(copies.check(rest, batch, repair));
        result.add(page);
        rest = page.remaining();
        if (System.nanoTime() - told > PROGRESS_NANOS) {
          told = System.nanoTime();
          err.printf(
              Locale.ROOT,
              "%s: part %d of %d, %,d examined, %,d different%n",
              table,
              i + 1,
              parts.size(),
              result.examined(),
              result.differences());
          err.flush();
        }
        pace(start, result.read());
      }
    }
    return result;
  }

  /** Waits until so much may have been read. */
  private void pace(long start, long read) throws InterruptedException {
    if (rate > 0) {
      long due = start + (long) (read * 1e9 / rate);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
    }
  }

  private void requireAtLeast(int least, String option, int value) {
    if (value < least) {
      throw new ParameterException(spec.commandLine(), option + " must be at least " + least);
    }
  }
}
