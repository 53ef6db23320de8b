// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import io.dimstore.cli.Progress;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.migration.demo.DemoResult.DemoPhase;
import io.dimstore.migration.demo.Transcript.Run;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The steps of the playbook, in order. */
final class Demo {

  private static final String COLUMNS =
      "item_id STRING, title STRING, category STRING, list_price BIGINT";
  private static final Duration MODE_VALIDITY = Duration.ofSeconds(2);
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int VERIFICATIONS = 4;
  private static final String NO_IMPACT = "--impact-factor=0";

  /** What the status shows. */
  private static final String WITH_ITSELF = "compared with itself";

  private static final String OLD_STORE_DECIDES = "mode: primary FROM";
  private static final int MEASUREMENTS = 3;
  private static final long MEASURED_SECONDS = 30;
  private static final long MOST_SECONDS = 120;
  private static final int LOOKUPS_AT_ONCE = 16;

  /** A request may have several lookups, and the gates need 10,000 of both. */
  private static final long LOOKUPS_NEEDED = 10_500;

  private static final Pattern LOOKUPS = Pattern.compile("in ([\\d,]+) and ([\\d,]+) lookups");

  /** A local DynamoDB beside all other servers on a machine says little about latency. */
  private static final int LATENCY_RATIO = 20;

  private static final Pattern DIFFERENCES = Pattern.compile("([\\d,]+) different");

  private final Transcript transcript;
  private final Progress progress;
  private final ItemRows rows;
  private final String input;
  private final TableSpec spec = Dimensions.builtIn("item").table();
  private final List<DemoPhase> phases = new ArrayList<>();
  private double begunAt;
  private int repeatedVerifications;

  Demo(Transcript transcript, Progress progress, ItemRows rows, String input) {
    this.transcript = transcript;
    this.progress = progress;
    this.rows = rows;
    this.input = input;
  }

  /** Walks the whole migration. */
  DemoResult run() throws IOException, InterruptedException {
    compare();
    begin(
        "Servers",
        "HBase with the replication endpoint in its region server, Redis and a local DynamoDB start."
            + " They end with this command. Data: "
            + input
            + ".");
    try (DemoServers servers = DemoServers.start(transcript.folder(), progress)) {
      servers.writeFiles(transcript.folder());
      end("servers");
      try (DimensionStore target = open("dynamodb", servers.target());
          LiveJob job = new LiveJob(mirrorOptions(servers), spec, rows, progress)) {
        return run(servers, target, job);
      }
    }
  }

  private DemoResult run(DemoServers servers, DimensionStore target, LiveJob job)
      throws IOException, InterruptedException {
    job(job, servers);
    ReplicationPeer peer = new ReplicationPeer(servers.hbase(), spec, COLUMNS);
    try (ForeignWriter foreign =
        new ForeignWriter(
            servers.hbase(),
            servers.stack().redis(),
            spec.name(),
            rows.of(ItemRows.Owner.FOREIGN))) {
      foreign.start();
      forecast();
      plan();
      replicate(peer, target, servers);
      preflight();
      start();
      backfill();
      verify();
      shadow();
      ramp();
      measure();
      replay();
      boolean refused = refusedCutOver(target.table(spec));
      drill();
      boolean held = cutOver(peer);
      RollBack rollBack = rollBack(peer);
      held &= forward(peer);
      reverse();
      job.requireHealthy();
      foreign.requireHealthy();
      long differences = finish(peer, foreign);
      differences += check(target.table(spec), job, foreign);
      afterwards(servers);
      DemoResult result =
          new DemoResult(
              List.copyOf(phases),
              refused,
              held,
              rollBack.oldStoreDecides(),
              rollBack.seconds(),
              foreign.writes(),
              job.writes(),
              job.lookups(),
              job.stale(),
              job.failed(),
              repeatedVerifications,
              differences,
              rounded(progress.seconds()),
              input);
      summary(result);
      return result;
    }
  }

  private static DimensionStore open(String store, Map<String, String> options) {
    return DimensionStores.open(store, options, StoreMetrics.NONE, InstantSource.system());
  }

  private static Map<String, String> mirrorOptions(DemoServers servers) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("from.store", "hbase-redis");
    servers.old().forEach((name, value) -> options.put("from." + name, value));
    options.put("to.store", "dynamodb");
    servers.target().forEach((name, value) -> options.put("to." + name, value));
    options.put("mode.refresh", "200 ms");
    options.put("mode.validity", MODE_VALIDITY.toMillis() + " ms");
    options.put("deadline", DEADLINE.toMillis() + " ms");
    options.put("other.timeout", "1500 ms");
    options.put("shadow.publish-interval", "1 s");
    return options;
  }

  private void compare() {
    begin(
        "The feature job on both stores",
        "compare runs the feature job with each store on the same events, and compares every row of"
            + " its results. It starts and ends servers of its own, so the demo runs it before it"
            + " starts its servers. The result is evidence for a day; a later step takes it.");
    transcript.compare(
        List.of("--arms=hbase-redis,dynamodb", "--limit=3000"),
        transcript.folder().resolve("compare"));
    end("compare");
  }

  private Path file(String name) {
    return transcript.folder().resolve(name);
  }

  private void job(LiveJob job, DemoServers servers) {
    begin(
        "The job uses the store mirror",
        "The only change of a job: 'store' = 'mirror' with the options of both stores, and one"
            + " restart. Without a plan it reads and writes the old store alone. It fills the table,"
            + " then writes and looks up all along, and never restarts again.");
    try (DimensionStore old = open("hbase-redis", servers.old())) {
      job.fill(old);
    }
    job.start();
    transcript.line(
        String.format(
            Locale.ROOT,
            "# dim_item has %,d rows in HBase; a job writes and looks up through the mirror",
            rows.initial().size()));
    end("job");
  }

  private void forecast() {
    begin(
        "Is it worth it?",
        "The cost of a month, for a table of 50 million such rows with 3,000 lookups and 150 writes a"
            + " second, beside that of a small cluster.");
    transcript.forecast(
        List.of("--total-rows=50000000", "--lookups-per-second=3000", "--writes-per-second=150"),
        List.of(
            "--node=ec2.m5.xlarge=6",
            "--node=emr.m5.xlarge=6",
            "--node=elasticache.r6g.large=2",
            "--node=ebs.gp3-gb=1500"),
        file("forecast.json"));
    end("forecast");
  }

  private void plan() {
    begin(
        "Plan",
        "Stores the state of the migration and the limits of its gates. With so few lookups a second"
            + " the limit of the share of lookups that may differ is 1 in 1,000 here, and not 1 in"
            + " 1,000,000. The limit of the 99th percentile of the latency is wider too: all servers"
            + " and both programs share one machine, and the local DynamoDB is not Amazon's. The plan"
            + " prints both, and the certificate of the cut-over contains them.");
    transcript.migrate(
        0,
        "plan",
        "--mismatch-rate=0.001",
        "--latency-ratio=" + LATENCY_RATIO,
        "--forecast=" + file("forecast.json"),
        "--propagation=" + MODE_VALIDITY.plus(DEADLINE).toSeconds() + "s");
    end("plan");
  }

  private void replicate(ReplicationPeer peer, DimensionStore target, DemoServers servers)
      throws IOException {
    begin(
        "Programs that are not dimstore",
        "A program changes prices with HBase's plain client: puts, increments and deletes. The"
            + " replication endpoint carries them from HBase's log to DynamoDB. The demo makes the"
            + " calls of these lines of the HBase shell through HBase's client for Java.");
    target.createIfAbsent(spec).toCompletableFuture().join();
    peer.add(servers.target());
    for (String line :
        List.of(
            "hbase> alter 'dim_item', {NAME => 'f', REPLICATION_SCOPE => 1},"
                + " {NAME => 's', REPLICATION_SCOPE => 1}",
            "hbase> add_peer 'dimstore',",
            "  ENDPOINT_CLASSNAME => 'io.dimstore.migration.hbase.DimstoreReplicationEndpoint',",
            "  TABLE_CFS => { 'dim_item' => [] },",
            "  CONFIG => { 'dimstore.store' => 'dynamodb', ...,",
            "    'dimstore.table.dim_item.columns' => '" + COLUMNS + "',",
            "    'dimstore.table.dim_item.key' => 'item_id' }")) {
      transcript.line(line);
    }
    end("replication");
  }

  private void preflight() {
    begin(
        "Preflight",
        "Both stores answer, and a sample of the rows is read and sized. HBase is asked for its"
            + " peers. All writers are covered: the job by the mirror, the other program by the"
            + " endpoint.");
    transcript.migrate(0, "preflight");
    end("preflight");
  }

  private void start() {
    begin("Start", "From now on every write goes to both stores. The old one decides.");
    transcript.migrate(0, "start", "--dry-run");
    transcript.migrate(0, "start");
    end("start");
  }

  private void backfill() {
    begin(
        "Backfill",
        "Copies the rows from before the start, beside the writes and under their guard. By default it"
            + " slows down when lookups become slower, which says little on a machine that runs all"
            + " servers: --impact-factor=0 switches that off.");
    transcript.migrate(0, "backfill", NO_IMPACT);
    end("backfill");
  }

  private void verify() {
    begin(
        "Verify",
        "Compares all rows of HBase, Redis and DynamoDB while both programs go on writing.");
    verifyEqual();
    end("verify");
  }

  private void shadow() throws InterruptedException {
    begin(
        "Shadow reads",
        "Every lookup of the job is compared with the other store, after the job has its answer;"
            + " before that with the same store, to see what the comparison makes by itself.");
    transcript.migrate(0, "shadow", "--share=1", "--noise");
    await("lookups are compared with the same store", run -> run.output().contains(WITH_ITSELF));
    transcript.line("# some time later:");
    transcript.migrate(0, "shadow", "--share=1");
    awaitShadow();
    end("shadow");
  }

  private void awaitShadow() throws InterruptedException {
    await("enough lookups are compared", run -> gate(run, "shadow-reads-agree") != null);
    String gate = gate(transcript.quietly("status"), "shadow-reads-agree");
    transcript.line("# some time later:");
    transcript.line(
        "$ bin/dimstore migrate status @" + Transcript.ARGUMENTS + " | grep shadow-reads-agree");
    transcript.line(gate == null ? "" : gate);
  }

  /** Returns the line of a gate that holds, or null. */
  private static @Nullable String gate(Run status, String gate) {
    return status
        .output()
        .lines()
        .filter(line -> line.matches("  ok +" + gate + " .*"))
        .findFirst()
        .orElse(null);
  }

  private void ramp() throws InterruptedException {
    begin("Ramp", "The new store answers the lookups of every tenth key.");
    awaitNoIntents();
    transcript.migrate(0, "ramp", "--share=0.1");
    end("ramp");
  }

  private void measure() {
    begin(
        "Measure",
        "Looks the same keys up in both stores, by turns: the 99th percentiles, the requests that"
            + " are throttled, and the units for the cost of a month. Here this shows how it is done."
            + " On your machines and with Amazon's DynamoDB it shows what the jobs will get.");
    long seconds = MEASURED_SECONDS;
    for (int attempt = 1; ; attempt++) {
      int length = transcript.length();
      Run run =
          transcript.migrate(
              0, "measure", "--for=" + seconds + "s", "--lookups-at-once=" + LOOKUPS_AT_ONCE);
      long lookups = lookups(run);
      if (attempt == MEASUREMENTS || lookups >= LOOKUPS_NEEDED) {
        break;
      }
      transcript.line("# too few lookups for the gates on this machine: longer");
      transcript.forget(length);
      seconds = Math.min(MOST_SECONDS, seconds * LOOKUPS_NEEDED * 3 / 2 / Math.max(1, lookups));
    }
    end("measure");
  }

  /** Returns the lookups of the store that answered fewer. */
  private static long lookups(Run measured) {
    Matcher counts = LOOKUPS.matcher(measured.output());
    if (!counts.find()) {
      throw new DemoException("No lookups in: " + measured.output());
    }
    return Math.min(
        Long.parseLong(counts.group(1).replace(",", "")),
        Long.parseLong(counts.group(2).replace(",", "")));
  }

  private void replay() {
    begin(
        "Replay",
        "Takes the results of the comparison as evidence that the feature job gives the same rows"
            + " with both stores.");
    takeReplay();
    end("replay");
  }

  private void takeReplay() {
    transcript.migrate(0, "replay", "--comparison=" + file("compare/results.json"));
  }

  private boolean refusedCutOver(DimensionTable target) throws InterruptedException {
    begin(
        "A cut-over that is refused",
        "Somebody changes a row in DynamoDB by hand. The verification finds it, the cut-over refuses"
            + " without evidence, and the row is copied again. A step back sets the verification and the"
            + " replay aside, so both are given anew.");
    plant(target);
    transcript.line("# somebody changes a row in DynamoDB by hand");
    Run wrong = transcript.migrate(3, "verify", NO_IMPACT);
    transcript.save("wrong-row");
    awaitNoIntents();
    Run refused = transcript.migrate(3, "cutover");
    transcript.save("refused");
    boolean all =
        wrong.output().contains("verdict: different")
            && refused.output().contains("refused: ")
            && refused.output().contains("verified (");
    transcript.migrate(0, "ramp", "--share=0");
    transcript.migrate(0, "backfill", NO_IMPACT, "--restart");
    verifyEqual();
    takeReplay();
    transcript.save("repaired");
    transcript.line("# the lookups that met the wrong row are in the count: begin a new one");
    transcript.migrate(0, "shadow", "--share=1");
    awaitShadow();
    end("refused-cutover", "shadow-again");
    return all;
  }

  private void plant(DimensionTable target) {
    Put good =
        rows.of(ItemRows.Owner.NOBODY).stream()
            .filter(row -> row.row().get(ItemRows.PRICE) != null)
            .findFirst()
            .orElseThrow(() -> new DemoException("No row is left alone by both programs"));
    Row wrong = Row.of(good.row().get(0), good.row().get(1), 1L);
    target.write(List.of(new Put(good.key(), wrong, good.version()))).toCompletableFuture().join();
  }

  private void drill() throws InterruptedException {
    begin(
        "Drill",
        "Half of the keys are answered by the new store. The way back is tried and timed before it"
            + " is needed.");
    awaitNoIntents();
    transcript.migrate(0, "ramp", "--share=0.5");
    transcript.migrate(0, "rollback", "--drill");
    end("drill");
  }

  private boolean cutOver(ReplicationPeer peer) throws InterruptedException, IOException {
    begin(
        "Cut-over",
        "The new store decides and answers; the old one receives every write. Rows of HBase may now"
            + " be behind, so an older one must not win: the endpoint is told first.");
    newStoreWins(peer);
    awaitNoIntents();
    transcript.migrate(0, "status");
    transcript.save("status");
    boolean held = acceptedCutOver();
    transcript.save("cutover");
    transcript.migrate(
        0,
        "certificate",
        "--json=" + file("certificate.json"),
        "--html=" + file("certificate.html"));
    end("cutover", "certificate");
    return held;
  }

  private boolean acceptedCutOver() {
    return transcript.migrate(0, "cutover").output().contains("all gates held");
  }

  private void newStoreWins(ReplicationPeer peer) throws IOException {
    peer.raiseVersions(false);
    transcript.line(
        "hbase> update_peer_config 'dimstore', { 'CONFIG' => { 'dimstore.raise-versions' => 'false'"
            + " } }");
  }

  private RollBack rollBack(ReplicationPeer peer) throws InterruptedException, IOException {
    begin(
        "Roll-back",
        "Something about the new store is not as it should be: back to the old one, which has every"
            + " write.");
    awaitNoIntents();
    long began = System.nanoTime();
    transcript.migrate(0, "rollback");
    double seconds = rounded((System.nanoTime() - began) / 1e9);
    transcript.line("# took " + seconds + " s");
    peer.raiseVersions(true);
    transcript.line(
        "hbase> update_peer_config 'dimstore', { 'CONFIG' => { 'dimstore.raise-versions' => 'true' }"
            + " }");
    verifyEqual();
    boolean oldStoreDecides = transcript.quietly("status").output().contains(OLD_STORE_DECIDES);
    end("rollback");
    return new RollBack(oldStoreDecides, seconds);
  }

  /**
   * How the roll-back ended.
   *
   * @param oldStoreDecides whether the old store was the primary again, and equal
   * @param seconds how long the command took
   */
  private record RollBack(boolean oldStoreDecides, double seconds) {}

  private boolean forward(ReplicationPeer peer) throws InterruptedException, IOException {
    begin(
        "Forward again",
        "The reason is removed. The roll-back has set the verification and the replay aside: the"
            + " table was verified since, and the result of the comparison is given again.");
    newStoreWins(peer);
    awaitNoIntents();
    takeReplay();
    boolean held = acceptedCutOver();
    end("forward");
    return held;
  }

  private void reverse() throws InterruptedException {
    begin(
        "Reverse",
        "The old store is compared again: it is complete, and the way back stays open for as long as"
            + " you want.");
    verifyEqual();
    awaitNoIntents();
    transcript.migrate(0, "reverse");
    end("reverse");
  }

  private long finish(ReplicationPeer peer, ForeignWriter foreign)
      throws InterruptedException, IOException {
    begin(
        "Finish",
        "The other program uses the new store from now on, and ends its writes to HBase. A last"
            + " verification, then the old store is no longer written. There is no way back.");
    foreign.stop();
    foreign.requireHealthy();
    Run last = verifyEqual();
    peer.remove();
    transcript.line("hbase> remove_peer 'dimstore'");
    awaitNoIntents();
    transcript.migrate(0, "finish");
    end("finish");
    Matcher different = DIFFERENCES.matcher(last.output());
    long most = 0;
    while (different.find()) {
      most = Math.max(most, Long.parseLong(different.group(1).replace(",", "")));
    }
    return most;
  }

  /** Compares the new store with what both programs have written last. */
  private long check(DimensionTable table, LiveJob job, ForeignWriter foreign)
      throws InterruptedException {
    begin(
        "Check",
        "What the programs wrote last, by their own books, against the new store: not a part of a"
            + " migration, only of this demo.");
    job.stop();
    job.requireHealthy();
    Map<Key, Optional<Row>> expected = new LinkedHashMap<>(foreign.stop());
    job.acknowledged().forEach((key, put) -> expected.put(key, Optional.of(put.row())));
    rows.of(ItemRows.Owner.NOBODY).forEach(put -> expected.put(put.key(), Optional.of(put.row())));
    List<Key> keys = List.copyOf(expected.keySet());
    long wrong = 0;
    for (int i = 0; i < keys.size(); i += 1_000) {
      List<Key> part = keys.subList(i, Math.min(keys.size(), i + 1_000));
      List<@Nullable Put> found = table.get(part, spec.all()).toCompletableFuture().join();
      for (int k = 0; k < part.size(); k++) {
        Put put = found.get(k);
        Optional<Row> row = put == null ? Optional.empty() : Optional.of(put.row());
        if (!row.equals(expected.get(part.get(k)))) {
          wrong++;
          transcript.line("# wrong: " + part.get(k) + " is " + row);
        }
      }
    }
    transcript.line(
        String.format(
            Locale.ROOT,
            "# %,d rows compared with the programs' own books: %,d differences",
            keys.size(),
            wrong));
    end("check");
    return wrong;
  }

  private void afterwards(DemoServers servers) throws IOException {
    begin(
        "Without the old store",
        "HBase and Redis are switched off. The records of the migration are in the new store.");
    servers.endOld();
    transcript.line("# HBase and Redis are switched off");
    transcript.migrate(0, "certificate", "--check=" + file("certificate.json"));
    transcript.line("$ bin/dimstore migrate status @" + Transcript.ARGUMENTS + " | head -6");
    transcript.quietly("status").output().lines().limit(6).forEach(transcript::line);
    end("afterwards");
  }

  private void summary(DemoResult result) {
    begin(
        "Summary",
        result.holds() ? "Everything held." : "NOT everything held: see the lines above.");
    transcript.line(
        String.format(Locale.ROOT, "writes of the job            %,10d", result.liveWrites()));
    transcript.line(
        String.format(Locale.ROOT, "writes of the other program  %,10d", result.foreignWrites()));
    transcript.line(
        String.format(Locale.ROOT, "lookups of the job           %,10d", result.lookups()));
    transcript.line(
        String.format(Locale.ROOT, "  of them stale              %,10d", result.staleLookups()));
    transcript.line(
        String.format(Locale.ROOT, "calls that were repeated     %,10d", result.failedCalls()));
    transcript.line(
        String.format(
            Locale.ROOT, "differences at the end       %,10d", result.differencesAtEnd()));
    transcript.line(
        String.format(
            Locale.ROOT, "seconds of the roll-back     %10.1f", result.rollBackSeconds()));
    transcript.line(
        String.format(Locale.ROOT, "seconds of the demo          %10.1f", result.seconds()));
    transcript.save("summary");
  }

  /**
   * Verifies, and repeats it if there are differences: on a busy machine the replication may be
   * further behind than the time that a verification allows. A row that is lost stays different.
   */
  private Run verifyEqual() {
    for (int attempt = 1; attempt < VERIFICATIONS; attempt++) {
      Optional<Run> equal = transcript.migrateIfEqual("verify", NO_IMPACT);
      if (equal.isPresent()) {
        return equal.get();
      }
      repeatedVerifications++;
    }
    return transcript.migrate(0, "verify", NO_IMPACT);
  }

  private void awaitNoIntents() throws InterruptedException {
    await(
        "no write waits for the other store",
        run -> run.output().contains("pending writes: 0 keys"));
  }

  private void await(String what, Predicate<Run> condition) throws InterruptedException {
    long began = System.nanoTime();
    while (true) {
      Run status = transcript.quietly("status");
      if (condition.test(status)) {
        return;
      }
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        transcript.line(status.output());
        throw new DemoException(
            "Waited for " + PATIENCE.toSeconds() + " s until " + what + "; the status is above");
      }
      progress.update(() -> "waiting until " + what);
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private void begin(String title, String explanation) {
    transcript.begin(title, explanation);
    begunAt = progress.seconds();
  }

  private void end(String name) {
    end(name, name);
  }

  private void end(String name, String file) {
    transcript.save(file);
    phases.add(new DemoPhase(name, rounded(progress.seconds() - begunAt)));
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 10) / 10.0;
  }
}
