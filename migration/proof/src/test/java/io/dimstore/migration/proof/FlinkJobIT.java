// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.cli.ExitCodes;
import io.dimstore.migration.MigrateMain;
import io.dimstore.mirror.control.Intents;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Migrates a table forward and back while a Flink job writes it and looks it up, both by SQL on the
 * store {@code mirror}. In each step a TaskManager, which is a process of its own, is killed,
 * paused or slowed at a random time. System property: {@code seed}.
 */
@Timeout(600)
class FlinkJobIT {

  @RegisterExtension
  static final LocalStackExtension STACK = LocalStackExtension.with("hbase", "redis", "dynamodb");

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<JobCluster.Kind> KINDS = List.of(JobCluster.Kind.values());
  private static final String NO_IMPACT = "--impact-factor=0";
  private static final String SETTLE = "--settle=1s";

  private final StringWriter output = new StringWriter();
  private final StringBuilder faults = new StringBuilder();
  private final Random random = new Random(Long.getLong("seed", 1));
  @TempDir Path folder;
  private JobRecord record;
  private Setup setup;
  private String table;
  private JobCluster cluster;
  private JobClient job;

  /** A step of the migration. */
  @FunctionalInterface
  private interface Step {
    void run() throws Exception;
  }

  @Test
  void jobFollowsAMigrationForwardAndBackAndLosesNothingAlthoughTaskManagersFail()
      throws Exception {
    declare();
    Path log = folder.resolve("job.log");
    record = new JobRecord(log);
    try (DimensionStore oldStore = setup.openFrom();
        DimensionStore newStore = setup.openTo()) {
      oldStore.createIfAbsent(Setup.spec(table)).toCompletableFuture().join();
      DimensionTable from = oldStore.table(Setup.spec(table));
      DimensionTable to = newStore.table(Setup.spec(table));
      write(from, JobChanges.before());
      JobChanges.before().forEach(record::written);
      try (JobCluster running = new JobCluster(folder)) {
        cluster = running;
        migrate(from, to, log.toString());
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError("faults:\n" + faults + "commands:\n" + output, e);
    }
  }

  private void migrate(DimensionTable from, DimensionTable to, String log) throws Exception {
    job = MirrorJob.start(createTable(), log, cluster.client());
    awaitProgress();
    undisturbed(
        () -> {
          expect("plan", mirrorOptions());
          expect("preflight", "--all-writers-use-dimstore");
          expect("start");
        });
    failing("backfill", () -> expect("backfill", NO_IMPACT));
    failing("verify", () -> repeat("verify", SETTLE, NO_IMPACT));

    List<Op> planted = IntStream.range(0, JobChanges.PROBES).mapToObj(i -> probe(i)).toList();
    write(to, planted);
    awaitProbes("the old store answers all", 0, 0);
    undisturbed(
        () -> {
          repeat("ramp", "--share=0.5");
          awaitProbes("the new store answers some", 1, JobChanges.PROBES - 1);
          expect("cutover", "--force=the job is a test");
          awaitProbes("the new store answers all", JobChanges.PROBES, JobChanges.PROBES);
        });
    write(from, planted);
    planted.forEach(record::written);

    failing("verify", () -> repeat("verify", SETTLE, NO_IMPACT));
    failing("rollback", () -> repeat("rollback"));
    failing("verify", () -> repeat("verify", SETTLE, NO_IMPACT));
    failing("ramp", () -> repeat("ramp", "--share=0.7"));
    failing("cutover", () -> repeat("cutover", "--force=the job is a test"));
    failing("verify", () -> repeat("verify", SETTLE, NO_IMPACT));
    failing("reverse", () -> repeat("reverse"));

    String savepoint = stop();
    check(from, to, true);

    Configuration continued = cluster.client();
    continued.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    job = MirrorJob.start(createTable(), log, continued);
    failing("finish", () -> repeat("finish"));
    stop();
    check(from, to, false);
    assertThat(record.restored()).as("where it continued").allMatch(change -> change > 0);
  }

  /** Runs steps, after which the job must not have begun again. */
  private void undisturbed(Step step) throws Exception {
    long attempts = record.attempts();
    step.run();
    awaitProgress();
    assertThat(record.attempts()).as("attempts").isEqualTo(attempts);
  }

  /** Runs a step while a TaskManager fails. */
  private void failing(String name, Step step) throws Exception {
    JobCluster.Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    Duration after = Duration.ofMillis(random.nextInt(2_500));
    Duration time = Duration.ofMillis(500 + random.nextInt(3_500));
    long attempts = record.attempts();
    faults.append(name + ": " + kind + " after " + after + " for " + time + "\n");
    CompletableFuture<Void> fault =
        CompletableFuture.runAsync(
            () -> {
              try {
                Thread.sleep(after.toMillis());
                cluster.fail(kind, time, random);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    step.run();
    fault.get(1, TimeUnit.MINUTES);
    if (kind == JobCluster.Kind.KILL) {
      await("the job has begun again", () -> record.attempts() > attempts);
    }
    awaitProgress();
  }

  private void declare() throws Exception {
    table = "dim_job_" + Long.toString(System.currentTimeMillis(), 36);
    DynamoDbEndpoint dynamoDb = STACK.dynamoDb();
    Map<String, String> from = new HashMap<>();
    from.put("zookeeper.quorum", STACK.hbase().address());
    from.put("redis.host", "127.0.0.1");
    from.put("redis.port", Integer.toString(STACK.redis().port()));
    Map<String, String> to =
        Map.of(
            "endpoint", dynamoDb.address(),
            "region", dynamoDb.region(),
            "access-key", dynamoDb.accessKeyId(),
            "secret-key", dynamoDb.secretAccessKey());
    Map<String, String> mirror = new HashMap<>();
    setup = new Setup(folder, List.of(table), from, to, mirror, 1);
    from.put("max-age", setup.maxAge().toMillis() + " ms");
    from.put("lease", "1 s");
    mirror.put("mode.refresh", "300 ms");
    mirror.put("mode.validity", setup.paced(1_800).toMillis() + " ms");
    mirror.put("deadline", setup.deadline().toMillis() + " ms");
    mirror.put("other.timeout", setup.paced(1_400).toMillis() + " ms");
    mirror.put("reconcile.unknown-after", "2 s");
    setup.write();
  }

  /** Returns the table of the job, declared as docs/mirror.md says. */
  private String createTable() {
    Map<String, String> options = new TreeMap<>();
    options.put("connector", "dim");
    options.put("store", "mirror");
    options.put("table", table);
    options.put("version.column", "b");
    options.put("sink.order", "version");
    // When a TaskManager ends, changes wait that only a checkpoint would have written sooner.
    options.put("sink.delay", "200 ms");
    options.put("sink.parallelism", Integer.toString(MirrorJob.PARALLELISM));
    options.put("mirror.from.store", "hbase-redis");
    setup.from().forEach((name, value) -> options.put("mirror.from." + name, value));
    options.put("mirror.to.store", "dynamodb");
    setup.to().forEach((name, value) -> options.put("mirror.to." + name, value));
    setup.mirror().forEach((name, value) -> options.put("mirror." + name, value));
    List<String> with = new ArrayList<>();
    options.forEach((name, value) -> with.add("'" + name + "' = '" + value + "'"));
    return "CREATE TABLE dim (id STRING, a STRING, b BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH ("
        + String.join(", ", with)
        + ")";
  }

  /** Returns the options of the mirror that the job's table sets, as the plan wants them. */
  private String[] mirrorOptions() {
    return setup.mirror().entrySet().stream()
        .map(option -> "--mirror-option=" + option.getKey() + "=" + option.getValue())
        .toArray(String[]::new);
  }

  private static Op probe(int number) {
    return JobChanges.probe(number, 1);
  }

  private static void write(DimensionTable table, List<Op> ops) {
    List<Change> changes = new ArrayList<>();
    ops.forEach(op -> changes.add(op.change()));
    table.write(changes).toCompletableFuture().join();
  }

  private void expect(String command, String... more) {
    assertThat(run(command, more)).as(command + "\n" + output).isZero();
  }

  /** Repeats a step that refuses, or finds differences, while writes wait for the other store. */
  private void repeat(String command, String... more) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int exitCode = run(command, more);
    while (exitCode == ExitCodes.NEGATIVE && System.nanoTime() - end < 0) {
      exitCode = run(command, more);
    }
    assertThat(exitCode).as(command + "\n" + output).isZero();
  }

  private int run(String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command, "--sql=" + setup.sql(table)));
    all.addAll(List.of("--from=hbase-redis", "--to=dynamodb"));
    setup.from().forEach((name, value) -> all.add("--from-option=" + name + "=" + value));
    setup.to().forEach((name, value) -> all.add("--to-option=" + name + "=" + value));
    all.addAll(List.of(more));
    PrintWriter out = new PrintWriter(output, true);
    return MigrateMain.commandLine().setOut(out).setErr(out).execute(all.toArray(String[]::new));
  }

  /** Waits until further changes are in a checkpoint and further lookups are answered. */
  private void awaitProgress() throws Exception {
    long changes = record.sent() + 100;
    long lookups = record.answers() + 100;
    await(
        "the job writes and reads",
        () -> record.acknowledged() > changes && record.answers() > lookups);
  }

  /** Waits until the new store has answered about so many of the probes. */
  private void awaitProbes(String what, int least, int most) throws Exception {
    long planted = probe(0).version();
    record.forgetProbes();
    await(
        what,
        () -> {
          List<Long> seen = record.probes();
          long answeredByNew = seen.stream().filter(version -> version == planted).count();
          return seen.size() == JobChanges.PROBES
              && answeredByNew >= least
              && answeredByNew <= most;
        });
  }

  private void await(String what, Callable<Boolean> condition) throws Exception {
    Signal.await(what, PATIENCE, condition);
  }

  /** Stops the job, and returns where its savepoint is. */
  private String stop() throws Exception {
    String savepoint =
        job.stopWithSavepoint(
                false,
                folder.resolve("savepoint").toUri().toString(),
                SavepointFormatType.CANONICAL)
            .get(2, TimeUnit.MINUTES);
    job.getJobExecutionResult().get(1, TimeUnit.MINUTES);
    return savepoint;
  }

  private void check(DimensionTable from, DimensionTable to, boolean both) throws Exception {
    assertThat(record.problems(setup.staleness().toMillis())).isEmpty();
    try (DimensionStore mirror = setup.openMirror()) {
      DimensionTable mirrored = mirror.table(Setup.spec(table));
      Intents intents = mirrored.capability(Intents.class).orElseThrow();
      await(
          "no write is pending",
          () -> intents.backlog(1).toCompletableFuture().get(1, TimeUnit.MINUTES).keys() == 0);
      assertThat(new Check(record.model(), from, to, mirrored).problems(both, true)).isEmpty();
    }
  }
}
