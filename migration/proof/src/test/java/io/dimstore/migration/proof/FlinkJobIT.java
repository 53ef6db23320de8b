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
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecution;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Migrates a table while a Flink job writes it and looks it up, both by SQL on the store {@code
 * mirror}. The job follows each step without a restart. Two TaskManagers are terminated on the way.
 */
@Timeout(300)
class FlinkJobIT {

  @RegisterExtension
  static final LocalStackExtension STACK = LocalStackExtension.with("hbase", "redis", "dynamodb");

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(1)
              .build());

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NO_IMPACT = "--impact-factor=0";

  private final StringWriter output = new StringWriter();
  private final JobRecord record = new JobRecord();
  @TempDir Path folder;
  private Setup setup;
  private String table;

  @Test
  void jobFollowsAMigrationAndLosesNothingAlthoughTaskManagersEnd(
      @InjectMiniCluster MiniCluster cluster) throws Exception {
    declare();
    MirrorJob.record = record;
    try (DimensionStore oldStore = setup.openFrom();
        DimensionStore newStore = setup.openTo()) {
      oldStore.createIfAbsent(Setup.spec(table)).toCompletableFuture().join();
      DimensionTable from = oldStore.table(Setup.spec(table));
      DimensionTable to = newStore.table(Setup.spec(table));
      write(from, JobChanges.before());
      JobChanges.before().forEach(record::written);

      JobClient job = MirrorJob.start(createTable());
      awaitProgress();
      List<Integer> attempts = attempts(cluster, job);
      expect("plan", mirrorOptions());
      expect("preflight", "--all-writers-use-dimstore");
      expect("start");
      assertThat(attempts(cluster, job)).as("attempts").isEqualTo(attempts);

      endTaskManager(0, cluster, job);
      attempts = attempts(cluster, job);
      expect("backfill", NO_IMPACT);
      repeat("verify", "--settle=1s", NO_IMPACT);
      List<Op> planted = IntStream.range(0, JobChanges.PROBES).mapToObj(i -> probe(i)).toList();
      write(to, planted);
      awaitProbes("the old store answers all", 0, 0);
      repeat("ramp", "--share=0.5");
      awaitProbes("the new store answers some", 1, JobChanges.PROBES - 1);
      expect("cutover", "--force=the job is a test");
      awaitProbes("the new store answers all", JobChanges.PROBES, JobChanges.PROBES);
      assertThat(attempts(cluster, job)).as("attempts").isEqualTo(attempts);

      endTaskManager(1, cluster, job);
      attempts = attempts(cluster, job);
      write(from, planted);
      planted.forEach(record::written);
      repeat("verify", "--settle=1s", NO_IMPACT);
      repeat("reverse");
      awaitProgress();
      assertThat(attempts(cluster, job)).as("attempts").isEqualTo(attempts);

      stop(job);
      assertThat(record.restored()).as("where it continued").allMatch(change -> change > 0);
      check(from, to);
    }
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
    setup = new Setup(folder, List.of(table), from, to, mirror, 0.6);
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

  /** Ends a TaskManager, starts another one, and waits until the job has continued. */
  private void endTaskManager(int index, MiniCluster cluster, JobClient job) throws Exception {
    int restarts = record.restored().size();
    List<Integer> before = attempts(cluster, job);
    // The changes before a checkpoint are not sent again: those that it did not write would be
    // lost.
    long checkpointed = record.acknowledged();
    await("the next checkpoint", () -> record.acknowledged() > checkpointed);
    cluster.terminateTaskManager(index).get(1, TimeUnit.MINUTES);
    cluster.startTaskManager();
    await("the job has restarted", () -> record.restored().size() > restarts);
    await("all tasks run", () -> areRunning(cluster, job));
    awaitProgress();
    assertThat(attempts(cluster, job)).as("attempts").isNotEqualTo(before);
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

  private static List<AccessExecution> executions(MiniCluster cluster, JobClient job)
      throws Exception {
    List<AccessExecution> all = new ArrayList<>();
    cluster
        .getExecutionGraph(job.getJobID())
        .get(1, TimeUnit.MINUTES)
        .getAllExecutionVertices()
        .forEach(vertex -> all.add(vertex.getCurrentExecutionAttempt()));
    return all;
  }

  private static List<Integer> attempts(MiniCluster cluster, JobClient job) throws Exception {
    return executions(cluster, job).stream().map(AccessExecution::getAttemptNumber).toList();
  }

  private static boolean areRunning(MiniCluster cluster, JobClient job) throws Exception {
    return executions(cluster, job).stream()
        .allMatch(execution -> execution.getState() == ExecutionState.RUNNING);
  }

  private void stop(JobClient job) throws Exception {
    job.stopWithSavepoint(
            false, folder.resolve("savepoint").toUri().toString(), SavepointFormatType.CANONICAL)
        .get(1, TimeUnit.MINUTES);
    job.getJobExecutionResult().get(1, TimeUnit.MINUTES);
  }

  private void check(DimensionTable from, DimensionTable to) throws Exception {
    assertThat(record.problems(setup.staleness().toMillis())).isEmpty();
    try (DimensionStore mirror = setup.openMirror()) {
      DimensionTable mirrored = mirror.table(Setup.spec(table));
      Intents intents = mirrored.capability(Intents.class).orElseThrow();
      await(
          "no write is pending",
          () -> intents.backlog(1).toCompletableFuture().get(1, TimeUnit.MINUTES).keys() == 0);
      assertThat(new Check(record.model(), from, to, mirrored).problems(true, true)).isEmpty();
    }
  }
}
