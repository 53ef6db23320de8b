// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.DurationText;
import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.Progress;
import io.dimstore.cli.Usage;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StorePreflight;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.phase.Ownership;
import io.dimstore.migration.verify.CopyCheck;
import io.dimstore.migration.verify.Difference;
import io.dimstore.migration.verify.SideCounts;
import io.dimstore.migration.verify.Verify;
import io.dimstore.migration.verify.VerifyResult;
import io.dimstore.migration.verify.VerifySettings;
import io.dimstore.spi.DimensionStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code migrate verify}. */
@Command(
    name = "verify",
    description =
        "Compares a table in two stores in both directions, and the cache of the first with its system"
            + " of record. Safe beside live writes: a key that differs is read again until its"
            + " versions do not move. Ends with exit code 3 unless every row is equal.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  bin/dimstore migrate verify --from hbase-redis --from-option zookeeper.quorum=zk:2181 \\",
      "      --from-option redis.host=cache --to dynamodb --to-option region=us-east-1 \\",
      "      --dimension user --settle 10s --json verify.json",
      "  bin/dimstore migrate verify --from hbase-redis --from-config hbase.properties \\",
      "      --to dynamodb --to-config dynamodb.properties --sql merchant.sql --rows-per-second 5000"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VerifyCommand implements Callable<Integer> {

  private static final int MOST_BUCKETS = 1 << 26;

  @Spec private CommandSpec spec;

  @Mixin private MigrationTables tables;

  @Mixin private BulkOptions bulk;

  @Mixin private SettleOption settle;

  @Option(
      names = "--cache-settle",
      paramLabel = "DURATION",
      description =
          "Time for which lookups may read an outdated entry of the cache, after a writer that does"
              + " not use dimstore has changed the row. An entry that differs is compared again after"
              + " it. By default the option 'max-age' of the store of --from; 0s reports it at once.")
  private @Nullable Duration cacheSettle;

  @Option(
      names = "--tombstone-retention",
      paramLabel = "DURATION",
      defaultValue = "7d",
      description =
          "Age of a tombstone, by its version, from which on it equals no entry. The same as the"
              + " stores' option.")
  private Duration tombstoneRetention;

  @Option(
      names = "--max-differences",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Differences after which the command stops to look for more.")
  private int maxDifferences;

  @Option(
      names = "--buckets",
      paramLabel = "N",
      defaultValue = "1048576",
      description = "Buckets of keys whose digests are compared, a power of 2; 48 bytes each.")
  private int buckets;

  @Option(
      names = "--held-rows",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "The most rows to hold in memory; about 250 bytes and the key each.")
  private int heldRows;

  @Override
  public Integer call() throws InterruptedException {
    requireValidOptions();
    MigrationTables.Pair pair = tables.tables(StorePing.Scope.ALL);
    VerifySettings settings = settings(pair.from());
    StorePreflight.requireAllServers(pair.fromPing(), pair.from());
    StorePreflight.requireAllServers(pair.toPing(), pair.to());
    try (DimensionStore source = pair.from().open();
        DimensionStore target = pair.to().open()) {
      Progress progress = new Progress(spec.commandLine().getErr());
      AtomicReference<@Nullable Ownership> ownership = new AtomicReference<>();
      Verify verify =
          new Verify(
              BackfillCommand.side(pair.from(), source),
              BackfillCommand.side(pair.to(), target),
              settings,
              (step, done, total) -> {
                progress.update(text(step), done, total);
                Ownership owned = ownership.get();
                if (owned != null) {
                  owned.progress(text(step), done, total);
                }
              });
      if (bulk.isDryRun()) {
        Optional<PlannedMigration> migration = PlannedMigration.of(target, pair);
        if (migration.isPresent()) {
          migration.get().requireVerify();
        }
        print(pair, settings, verify.outlook(), migration.isPresent());
        return ExitCodes.OK;
      }
      VerifyResult result = run(verify, target, pair, ownership);
      print(result);
      bulk.writeJson(result);
      return result.verdict() == VerifyResult.Verdict.EQUAL ? ExitCodes.OK : ExitCodes.NEGATIVE;
    }
  }

  /** Runs the verification, as a step of the table's migration if there is one. */
  private static VerifyResult run(
      Verify verify,
      DimensionStore target,
      MigrationTables.Pair tables,
      AtomicReference<@Nullable Ownership> ownership)
      throws InterruptedException {
    PlannedMigration migration = PlannedMigration.of(target, tables).orElse(null);
    if (migration == null) {
      return verify.run();
    }
    AtomicReference<VerifyResult> result = new AtomicReference<>();
    migration.verify(
        owned -> {
          ownership.set(owned);
          VerifyResult found = verify.run();
          result.set(found);
          return found;
        });
    return Objects.requireNonNull(result.get());
  }

  private void requireValidOptions() {
    Usage.requireAtLeast(1, "--max-differences", maxDifferences);
    Usage.requireAtLeast(1, "--held-rows", heldRows);
    bulk.check();
    if (buckets < 2 || buckets > MOST_BUCKETS || Integer.bitCount(buckets) != 1) {
      throw Usage.badValue("--buckets", buckets, "must be a power of 2 from 2 to " + MOST_BUCKETS);
    }
  }

  private VerifySettings settings(StoreTable from) {
    VerifySettings d = VerifySettings.defaults();
    Duration given = cacheSettle;
    return new VerifySettings(
        d.splits(),
        bulk.splitsAtOnce(),
        bulk.batch(),
        buckets,
        heldRows,
        settle.time(),
        given == null ? maxAge(from) : given,
        d.rounds(),
        maxDifferences,
        d.maxExamples(),
        tombstoneRetention,
        bulk.rowsPerSecond(),
        d.patience(),
        bulk.impactFactor(),
        d.probesPerSecond());
  }

  /** Returns how long the store lets lookups read an entry of its cache; zero without a limit. */
  private static Duration maxAge(StoreTable table) {
    return table.storeOption("max-age") instanceof Duration found ? found : Duration.ZERO;
  }

  private static String text(io.dimstore.migration.verify.VerifyListener.Step step) {
    return switch (step) {
      case DIGEST -> "rows read from both stores";
      case COMPARE -> "rows of differing buckets compared";
      case RECHECK -> "keys read again";
      case COPIES -> "keys of the cache compared";
      case COPIES_SETTLE -> "entries of the cache differ; waiting until outdated ones have expired";
      case COPIES_AGAIN -> "keys of the cache compared again";
    };
  }

  private void print(
      MigrationTables.Pair pair, VerifySettings settings, Verify.Outlook outlook, boolean planned) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "would compare %s:%s, %d splits, with %s:%s, %d splits%s%n",
        pair.from().store(),
        pair.from().spec().name(),
        outlook.fromSplits(),
        pair.to().store(),
        pair.to().spec().name(),
        outlook.toSplits(),
        outlook.comparesCopies() ? ", and then the cache of " + pair.from().store() : "");
    out.println(
        "rate: "
            + bulk.rate(pair.from())
            + BulkOptions.unitsPerSecond(pair.from(), "read")
            + BulkOptions.unitsPerSecond(pair.to(), "read"));
    out.println(
        "a key that differs would be read again after " + DurationText.of(settings.settle()));
    out.println("it would begin anew: an interrupted verification is not continued");
    out.println(
        planned
            ? "its result would be evidence of the migration"
            : "the table has no migration, so its result would not be kept");
    out.flush();
  }

  private void print(VerifyResult result) {
    PrintWriter out = spec.commandLine().getOut();
    line(out, result.fromTable(), result.from());
    line(out, result.toTable(), result.to());
    result
        .differences()
        .forEach((kind, count) -> out.printf(Locale.ROOT, "%,d %s%n", count, name(kind)));
    for (Difference difference : result.examples().stream().limit(10).toList()) {
      out.println(name(difference.kind()) + " " + difference.key());
    }
    if (result.copies() != null) {
      out.printf(
          Locale.ROOT,
          "cache of %s: %,d examined = %,d in step + %,d not copied + %,d changed + %,d outdated"
              + " + %,d different%n",
          result.fromTable(),
          result.copies().examined(),
          result.copies().inStep(),
          result.copies().notCopied(),
          result.copies().changed(),
          result.copies().outdated(),
          result.copies().different());
      for (CopyCheck.Example example : result.copies().examples().stream().limit(10).toList()) {
        out.println(
            "cache " + example.kind().name().toLowerCase(Locale.ROOT) + " " + example.key());
      }
    }
    out.println(
        "verdict: "
            + result.verdict().name().toLowerCase(Locale.ROOT)
            + (result.isWhole() ? "" : "; more rows may differ: not all were compared"));
    out.println("evidence: " + result.evidence());
    out.flush();
  }

  private static void line(PrintWriter out, String table, SideCounts counts) {
    out.printf(
        Locale.ROOT,
        "%s: %,d rows = %,d equal + %,d old tombstones + %,d in flight + %,d moving + %,d different"
            + " + %,d unexamined%n",
        table,
        counts.rows(),
        counts.equal(),
        counts.oldTombstones(),
        counts.inFlight(),
        counts.moving(),
        counts.different(),
        counts.unexamined());
  }

  private static String name(Difference.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
