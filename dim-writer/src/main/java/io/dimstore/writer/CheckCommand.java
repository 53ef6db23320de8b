// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.jobs.StoreCalls;
import io.dimstore.jobs.sql.Backlogs;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Maintenance.CheckPage;
import io.dimstore.spi.ScanSplit;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code write check}. */
@Command(
    name = "check",
    description =
        "Compares the cache of a store with its system of record over whole tables and reports the"
            + " differences. A row that is not cached is not a difference. Ends with exit code 3 if"
            + " differences remain. Safe while jobs run.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore write check --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "      --store-option redis.host=cache --dimensions user",
      "  bin/dimstore write check --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "      --store-option redis.host=cache --rows-per-second 5000 --repair --json check.json",
      "  bin/dimstore write check --sql job.sql"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private MaintainedTables maintained;

  @Option(
      names = "--repair",
      description =
          "Remove differing entries from the cache, unless they have changed meanwhile. The system"
              + " of record is never changed.")
  private boolean repair;

  @Option(
      names = "--rows-per-second",
      paramLabel = "N",
      defaultValue = "20000",
      description = "The most rows and entries to read per second; 0 for no limit.")
  private int rowsPerSecond = 20_000;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "500",
      description = "Keys per call of the store.")
  private int batch = 500;

  @Option(
      names = "--splits",
      paramLabel = "N",
      defaultValue = "16",
      description = "Parts to divide a table into, read one after another.")
  private int splits = 16;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "File to write the figures to as well, as JSON.")
  private @Nullable Path json;

  @Override
  public Integer call() throws InterruptedException {
    Usage.requireAtLeast(1, "--batch", batch);
    Usage.requireAtLeast(1, "--splits", splits);
    Usage.requireAtLeast(0, "--rows-per-second", rowsPerSecond);
    PrintWriter out = spec.commandLine().getOut();
    List<CheckReport.Table> tables = new ArrayList<>();
    StorePing ping = maintained.ping();
    for (StoreTable table : maintained.tables()) {
      Gauges gauges = new Gauges();
      try (DimensionStore open = table.open(gauges)) {
        Optional<Maintenance> found = open.table(table.spec()).capability(Maintenance.class);
        if (found.isEmpty()) {
          maintained.passOver(table, "compare");
          continue;
        }
        Maintenance copies = found.get();
        StorePreflight.requireAllServers(ping, table);
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
    return report.left() == 0 ? ExitCodes.OK : ExitCodes.NEGATIVE;
  }

  private CheckResult check(String table, Maintenance copies) throws InterruptedException {
    Progress progress = new Progress(spec.commandLine().getErr());
    CheckResult result = new CheckResult();
    List<ScanSplit> parts = StoreCalls.await(copies.checkSplits(splits));
    long start = System.nanoTime();
    for (int i = 0; i < parts.size(); i++) {
      int part = i + 1;
      ScanSplit rest = parts.get(i);
      while (rest != null) {
        CheckPage page = StoreCalls.await(copies.check(rest, batch, repair));
        result.add(page);
        rest = page.remaining();
        progress.update(
            () ->
                String.format(
                    Locale.ROOT,
                    "%s: part %d of %d, %,d examined, %,d different",
                    table,
                    part,
                    parts.size(),
                    result.examined(),
                    result.differences()));
        pace(start, result.read());
      }
    }
    return result;
  }

  /** Waits until the limit of rows per second allows the rows that were read since the start. */
  private void pace(long start, long read) throws InterruptedException {
    if (rowsPerSecond > 0) {
      long due = start + (long) (read * 1e9 / rowsPerSecond);
      TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
    }
  }
}
