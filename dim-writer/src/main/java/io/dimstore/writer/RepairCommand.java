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
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code write repair}. */
@Command(
    name = "repair",
    description =
        "Reconciles the cache of a store with its system of record: repairs every key with a write"
            + " that is not known to have reached the cache. Safe while jobs run.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore write repair --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "      --store-option redis.host=cache --dimensions user",
      "  bin/dimstore write repair --sql job.sql --purge"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RepairCommand implements Callable<Integer> {

  private static final int SPLITS = 16;

  @Spec private CommandSpec spec;

  @Mixin private MaintainedTables maintained;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Keys per call of the store.")
  private int batch = 1_000;

  @Option(
      names = "--purge",
      description =
          "Afterwards read the whole table, and remove tombstones and expired rows that are older"
              + " than the store's 'tombstone-retention'.")
  private boolean purge;

  @Override
  public Integer call() throws InterruptedException {
    Usage.requireAtLeast(1, "--batch", batch);
    Progress progress = new Progress(spec.commandLine().getErr());
    StorePing ping = maintained.ping();
    for (StoreTable table : maintained.tables()) {
      Gauges gauges = new Gauges();
      try (DimensionStore open = table.open(gauges)) {
        Optional<Maintenance> found = open.table(table.spec()).capability(Maintenance.class);
        if (found.isEmpty()) {
          maintained.passOver(table, "repair");
          continue;
        }
        Maintenance copies = found.get();
        StorePreflight.requireAllServers(ping, table);
        repair(table.spec().name(), copies, gauges, progress);
        if (purge) {
          purge(table.spec().name(), open.table(table.spec()), copies, progress);
        }
      }
    }
    return ExitCodes.OK;
  }

  private void repair(String table, Maintenance copies, Gauges gauges, Progress progress)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(table + ": before, " + Backlogs.line(Backlogs.of(copies)));
    long examined = 0;
    long healed = 0;
    boolean remaining = true;
    while (remaining) {
      Maintenance.Repair done = StoreCalls.await(copies.repair(batch));
      examined += done.examined();
      healed += done.healed();
      remaining = done.remaining();
      progress.update(table + ": keys examined", examined, -1);
    }
    out.printf(
        Locale.ROOT, "%s: %,d pending keys examined, %,d repaired%n", table, examined, healed);
    Maintenance.Backlog left = Backlogs.of(copies);
    out.println(table + ": after, " + Backlogs.line(left));
    if (left.keys() > 0) {
      out.println(
          table
              + ": these writes may still be in flight. If their writer has died, they can be"
              + " repaired after three times its deadline: run this again then");
    }
    gauges.print(table, out);
    out.flush();
  }

  private void purge(String name, DimensionTable table, Maintenance copies, Progress progress)
      throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long read = 0;
    long purged = 0;
    long kept = 0;
    long unreadable = 0;
    Projection noColumns = Projection.of();
    for (ScanSplit split : StoreCalls.await(table.splits(SPLITS, ScanOptions.rows(noColumns)))) {
      for (ScanSplit rest = split; rest != null; ) {
        Maintenance.PurgePage page = StoreCalls.await(copies.purge(rest, batch));
        read += page.read();
        purged += page.purged();
        kept += page.kept();
        unreadable += page.unreadable();
        rest = page.remaining();
        progress.update(name + ": rows read", read, -1);
      }
    }
    out.printf(
        Locale.ROOT,
        "%s: %,d rows read, %,d tombstones and expired rows purged, %,d kept%n",
        name,
        read,
        purged,
        kept);
    if (unreadable > 0) {
      out.printf(
          Locale.ROOT,
          "%s: %,d rows cannot be read and are kept; the log and 'write check' name them%n",
          name,
          unreadable);
    }
    out.flush();
  }
}
