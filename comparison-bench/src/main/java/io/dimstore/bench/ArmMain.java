package io.dimstore.bench;

import io.dimstore.bench.ArmReport.State;
import io.dimstore.features.FeatureJob;
import io.dimstore.flink.DimMetrics;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.writer.ChangeCounts;
import io.dimstore.writer.DimWriterJob;
import io.dimstore.writer.WriterOptions;
import io.dimstore.writer.WriterResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The process of one arm: loads the dimensions, waits for a line on standard input, runs the
 * feature job until the next line, and tells on standard output in {@link ArmReport}s where it is.
 * The end of its input at any other time ends it.
 */
final class ArmMain {

  /** In LOADED: dimension changes handed to the store, and what that took. */
  static final String CHANGES = "changes";

  static final String LOAD_SECONDS = "loadSeconds";

  /** In STOPPED: requests of the feature job, this and the server's name. */
  static final String REQUESTS = "requests.";

  /** The server that the memory store names: calls to it leave no process. */
  private static final String IN_PROCESS = "memory";

  private final ArmPlan plan;
  private final Path work;
  private final PrintStream reports;
  private final Semaphore lines = new Semaphore(0);

  private ArmMain(ArmPlan plan, Path work, PrintStream reports) {
    this.plan = plan;
    this.work = work;
    this.reports = reports;
  }

  /** Takes the file of an {@link ArmPlan} and the folder for dumps of tables. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    PrintStream reports = System.out;
    System.setOut(System.err);
    try {
      new ArmMain(ArmPlan.read(file), Path.of(args[1]), reports).run();
      System.exit(0);
    } catch (Exception e) {
      e.printStackTrace(System.err);
      reports.println(new ArmReport(State.FAILED, rootMessage(e), Map.of()).line());
      reports.flush();
      System.exit(1);
    }
  }

  private void run() throws Exception {
    watchInput();
    load();
    lines.acquire();
    DimMetrics.Snapshot before = DimMetrics.snapshot();
    JobClient job = FeatureJob.build(environment(), ArmSql.options(plan).build()).execute();
    awaitRunning(job);
    report(State.RUNNING, Map.of());
    awaitLineOrEnd(job);
    // With a savepoint, and not cancelled: what the sinks still hold is written first.
    job.stopWithSavepoint(false, work.toUri() + "savepoint", SavepointFormatType.NATIVE)
        .get(2, TimeUnit.MINUTES);
    Map<String, Double> requests = requests(DimMetrics.snapshot().since(before));
    if (plan.tables().isEmpty()) {
      try (DimensionStore store =
          DimensionStores.open(
              plan.loadStore(),
              plan.loadStoreOptions(),
              StoreMetrics.NONE,
              InstantSource.system())) {
        OnlineTables.dump(store, work, plan.arm());
      }
    }
    report(State.STOPPED, requests);
  }

  private void load() throws InterruptedException {
    WriterOptions options =
        WriterOptions.builder(plan.bootstrap(), plan.loadStore())
            .storeOptions(plan.loadStoreOptions())
            .groupId("load-" + plan.arm())
            .parallelism(plan.parallelism())
            .bounded(true)
            .build();
    DimWriterJob job = DimWriterJob.build(environment(), options);
    WriterResult result = job.await(job.execute());
    long changes = 0;
    for (ChangeCounts counts : result.dimensions().values()) {
      changes += counts.upserts() + counts.deletes();
    }
    report(
        State.LOADED,
        Map.of(CHANGES, (double) changes, LOAD_SECONDS, result.elapsed().toMillis() / 1e3));
  }

  /** Fails at the first failure: what a restart repeats would not be what is measured. */
  private static StreamExecutionEnvironment environment() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    return StreamExecutionEnvironment.createLocalEnvironment(configuration);
  }

  private static void awaitRunning(JobClient job) throws Exception {
    while (true) {
      JobStatus status = job.getJobStatus().get();
      if (status == JobStatus.RUNNING) {
        return;
      }
      if (status.isGloballyTerminalState()) {
        job.getJobExecutionResult().get();
        throw new IllegalStateException("The feature job is " + status);
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Ends this process with the one that started it, whatever it is at. */
  private void watchInput() {
    Thread watcher =
        new Thread(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  lines.release();
                }
              } catch (IOException e) {
                // As the end of the input: nobody is there any more.
              }
              Runtime.getRuntime().halt(1);
            },
            "standard-input");
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Returns at a line; fails with the job. */
  private void awaitLineOrEnd(JobClient job) throws Exception {
    CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
    while (!lines.tryAcquire(100, TimeUnit.MILLISECONDS)) {
      if (end.isDone()) {
        end.get();
        throw new IllegalStateException("The feature job ended by itself");
      }
    }
  }

  private static Map<String, Double> requests(DimMetrics.Snapshot metrics) {
    Map<String, Double> requests = new TreeMap<>();
    metrics
        .values()
        .forEach(
            (name, value) -> {
              String[] parts = name.split("\\.", -1);
              if (parts.length == 5
                  && parts[0].equals("store")
                  && parts[4].equals(DimMetrics.REQUESTS)
                  && !parts[2].equals(IN_PROCESS)
                  && !parts[3].equals("admin")) {
                requests.merge(REQUESTS + parts[2], value, Double::sum);
              }
            });
    return requests;
  }

  private void report(State state, Map<String, Double> counts) {
    reports.println(new ArmReport(state, null, counts).line());
    reports.flush();
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    @Nullable Throwable cause = root.getCause();
    while (cause != null) {
      root = cause;
      cause = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
