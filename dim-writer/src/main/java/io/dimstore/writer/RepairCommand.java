package io.dimstore.writer;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.Projection;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code write repair}. */
@Command(
    name = "repair",
    description =
        "Brings the copies of a store in step: settles every write that reached one copy and is not"
            + " known to have reached the other. Safe beside running jobs.",
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:settled, but for writes that may be under way still",
      "1:the store failed; what was settled stays so",
      "2:wrong usage"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore write repair --store hbase-redis --store-option zookeeper.quorum=zk:2181 \\",
      "      --store-option redis.host=cache --dimension user",
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
      description = "Keys to look at in one call. Default: ${DEFAULT-VALUE}.")
  private int batch = 1_000;

  @Option(
      names = "--purge",
      description =
          "Afterwards read the whole table and forget the deletes and the expired rows that are"
              + " older than the store's 'tombstone-retention'.")
  private boolean purge;

  @Override
  public Integer call() throws InterruptedException {
    if (batch < 1) {
      throw new ParameterException(spec.commandLine(), "--batch must be at least 1");
    }
    for (StoreTable table : maintained.tables()) {
      Gauges gauges = new Gauges();
      try (DimensionStore open = table.open(gauges)) {
        if (!(open.table(table.spec()) instanceof Maintenance copies)) {
          maintained.passOver(table, "repair");
          continue;
        }
        Preflight.await(open.validate(table.spec()));
        repair(table.spec().name(), copies, gauges);
        if (purge) {
          purge(table.spec().name(), open.table(table.spec()), copies);
        }
      }
    }
    return 0;
  }

  private void repair(String table, Maintenance copies, Gauges gauges) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter out = spec.commandLine().getOut();
    out.println(table + ": before, " + Backlogs.line(Backlogs.of(copies)));
    long examined = 0;
    long healed = 0;
    boolean remaining = true;
    while (remaining) {
      Maintenance.Repair done = Preflight.await(copies.repair(batch));
      examined += done.examined();
      healed += done.healed();
      remaining = done.remaining();
      if (remaining) {
        err.printf(Locale.ROOT, "%s: %,d looked at, more to come%n", table, examined);
        err.flush();
      }
    }
    out.printf(
        Locale.ROOT,
        "%s: %,d unsettled keys looked at, %,d brought in step%n",
        table,
        examined,
        healed);
    Maintenance.Backlog left = Backlogs.of(copies);
    out.println(table + ": after, " + Backlogs.line(left));
    if (left.keys() > 0) {
      out.println(
          table
              + ": these may be under way still; those of a writer that has died can be settled"
              + " after three times its deadline, so run this again then");
    }
    gauges.print(table, out);
    out.flush();
  }

  private void purge(String name, DimensionTable table, Maintenance copies)
      throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter out = spec.commandLine().getOut();
    long read = 0;
    long purged = 0;
    long kept = 0;
    long unreadable = 0;
    Projection noColumns = Projection.of();
    for (ScanSplit split : Preflight.await(table.splits(SPLITS, ScanOptions.rows(noColumns)))) {
      for (ScanSplit rest = split; rest != null; ) {
        Maintenance.PurgePage page = Preflight.await(copies.purge(rest, batch));
        read += page.read();
        purged += page.purged();
        kept += page.kept();
        unreadable += page.unreadable();
        rest = page.remaining();
        if (rest != null) {
          err.printf(Locale.ROOT, "%s: %,d rows read, more to come%n", name, read);
          err.flush();
        }
      }
    }
    out.printf(
        Locale.ROOT,
        "%s: %,d rows read, %,d deletes and expired rows forgotten, %,d remembered still%n",
        name,
        read,
        purged,
        kept);
    if (unreadable > 0) {
      out.printf(
          Locale.ROOT,
          "%s: %,d rows cannot be read and stay; the log names them, and so does 'write check'%n",
          name,
          unreadable);
    }
    out.flush();
  }
}
