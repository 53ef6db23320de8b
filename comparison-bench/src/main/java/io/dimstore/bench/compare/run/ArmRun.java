// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.arm.Addresses;
import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.Expected;
import io.dimstore.bench.compare.oracle.InputData;
import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.bench.compare.oracle.OracleComparison;
import io.dimstore.bench.compare.process.ArmMain;
import io.dimstore.bench.compare.process.ArmProcess;
import io.dimstore.bench.compare.process.ArmReport;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.bench.compare.process.DimensionLoad;
import io.dimstore.bench.compare.process.WorkFolder;
import io.dimstore.bench.compare.report.ReportFiles;
import io.dimstore.bench.compare.report.Results;
import io.dimstore.bench.compare.report.WarmUp;
import io.dimstore.bench.compare.settings.CompareSettings;
import io.dimstore.bench.compare.settings.TimedPart;
import io.dimstore.bench.measure.SectionMeter;
import io.dimstore.bench.measure.SectionUsage;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.workload.OpenLoop;
import io.dimstore.cli.Progress;
import io.dimstore.cli.report.NumberFormats;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.server.Server;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs one arm from empty topics to its results. It loads the dimensions, lets the job read most of
 * the events as fast as it can, and then sends the remaining events at a fixed rate.
 */
final class ArmRun {

  private static final Duration LOAD_LIMIT = Duration.ofMinutes(15);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** The name of the arm's own process among those whose CPU time is measured. */
  private static final String JOB = "job";

  private final Arm arm;
  private final CompareSettings settings;
  private final LocalStack stack;
  private final InputData input;
  private final Expected expected;
  private final WorkFolder work;
  private final Progress progress;

  ArmRun(
      Arm arm,
      CompareSettings settings,
      LocalStack stack,
      InputData input,
      Expected expected,
      WorkFolder work,
      Progress progress) {
    this.arm = arm;
    this.settings = settings;
    this.stack = stack;
    this.input = input;
    this.expected = expected;
    this.work = work;
    this.progress = progress;
  }

  /** The measured result of the arm, and the differences between its rows and the oracle's. */
  record Outcome(Results.ArmResult result, List<String> problems) {}

  Outcome run() {
    try {
      return runToTheEnd();
    } catch (BenchException e) {
      // If a server has died, report that instead: it explains the failure better.
      stack.check();
      throw e;
    }
  }

  private Outcome runToTheEnd() {
    String bootstrap = stack.kafka().bootstrapServers();
    Topics topics = Topics.of(arm.id());
    topics.create(bootstrap, settings.parallelism());
    int events = input.events().size();
    int bulk = events - settings.paced(events);
    List<Encoded> paced = input.events().subList(bulk, events);
    progress.step(
        arm.id()
            + ": starting, "
            + NumberFormats.count(input.changes().size())
            + " dimension changes to load, then "
            + NumberFormats.count(bulk)
            + " events in bulk");
    try (EventFeed feed = new EventFeed(bootstrap);
        FeatureReader reader =
            new FeatureReader(bootstrap, topics, settings.parallelism(), events);
        HBaseMeter meter = arm.countsItsRequests() ? null : new HBaseMeter(stack.hbase());
        ArmProcess process = start(topics)) {
      feed.bulk(topics.events(), input.events().subList(0, bulk));
      if (meter != null) {
        meter.create(arm.hbaseTables());
      }
      ArmReport loaded =
          process.await(
              State.LOADED,
              LOAD_LIMIT,
              stack::check,
              loading -> showLoading(progress, arm.id(), loading, input.changes().size()));
      progress.step(
          arm.id()
              + ": "
              + NumberFormats.count(count(loaded, DimensionLoad.CHANGES))
              + " dimension changes loaded");
      long metered = meter == null ? 0 : meter.requests();
      process.proceed();
      process.await(State.RUNNING, START_LIMIT, stack::check);
      Window window = readBulk(reader, process, bulk, paced.size());
      progress.step(
          arm.id()
              + ": bulk done, now "
              + paced.size()
              + " events at "
              + settings.pacedPerSecond()
              + "/s");
      OpenLoop.Sent sent = sendPaced(feed, topics, paced, reader, process, events);
      process.proceed();
      ArmReport stopped = process.await(State.STOPPED, START_LIMIT, stack::check);
      Map<String, Double> requests =
          meter == null
              ? requestsByServer(stopped, events)
              : Map.of("hbase", (meter.requests() - metered) / (double) events);
      return outcome(reader, loaded, window, sent, paced, requests);
    }
  }

  /** Shows how many dimension changes an arm has loaded, and the time left. */
  static void showLoading(Progress progress, String arm, ArmReport loading, int changes) {
    progress.update(
        arm + ": loading dimension changes", count(loading, DimensionLoad.CHANGES), changes);
  }

  private ArmProcess start(Topics topics) {
    ArmPlan plan =
        Addresses.of(stack, work.path())
            .plan(arm, stack.kafka().bootstrapServers(), topics, settings.parallelism());
    return ArmProcess.start(plan, work, new ReportFiles(settings.out()).log(arm.id()));
  }

  /**
   * The timed part of the bulk: its number of events, the time and the CPU time of each process,
   * and the CPU time of the job in each half.
   */
  private record Window(double events, SectionUsage usage, WarmUp warmUp) {}

  private Window readBulk(FeatureReader reader, ArmProcess process, int bulk, int paced) {
    TimedPart part = TimedPart.of(bulk, paced);
    awaitEvents(reader, process, part.warmUp());
    long from = reader.done();
    SectionMeter.Section section = meter(process).start();
    awaitEvents(reader, process, part.warmUp() + part.timed() / 2);
    long middle = reader.done();
    double firstNanos = section.end().of(JOB);
    awaitEvents(reader, process, bulk);
    SectionUsage usage = section.end();
    return new Window(
        bulk - from,
        usage,
        new WarmUp(
            firstNanos / 1e3 / Math.max(1, middle - from),
            (usage.of(JOB) - firstNanos) / 1e3 / Math.max(1, bulk - middle)));
  }

  private SectionMeter meter(ArmProcess process) {
    Map<String, ProcessHandle> servers = new TreeMap<>();
    servers.put("kafka", stack.process("kafka"));
    for (Server server : arm.servers()) {
      servers.put(server.id(), stack.process(server.id()));
    }
    return SectionMeter.ofCpu(Map.of(JOB, process.handle()), servers);
  }

  private OpenLoop.Sent sendPaced(
      EventFeed feed,
      Topics topics,
      List<Encoded> paced,
      FeatureReader reader,
      ArmProcess process,
      int events) {
    OpenLoop.Sent sent = feed.paced(topics.events(), paced, settings.pacedPerSecond());
    awaitEvents(reader, process, events);
    return sent;
  }

  private void awaitEvents(FeatureReader reader, ArmProcess process, long wanted) {
    RowArrival.await(
        "Arm " + arm.id(),
        reader::done,
        wanted,
        () -> {
          boolean any = reader.poll();
          if (any) {
            progress.update(arm.id(), reader.done(), input.events().size());
          }
          return any;
        },
        () -> {
          process.requireAlive();
          stack.check();
        },
        new ReportFiles(settings.out()).log(arm.id()));
  }

  private static Map<String, Double> requestsByServer(ArmReport stopped, int events) {
    Map<String, Double> requests = new TreeMap<>();
    stopped
        .counts()
        .forEach(
            (name, count) -> {
              if (name.startsWith(ArmMain.REQUESTS)) {
                requests.put(name.substring(ArmMain.REQUESTS.length()), count / events);
              }
            });
    return requests;
  }

  private Outcome outcome(
      FeatureReader reader,
      ArmReport loaded,
      Window window,
      OpenLoop.Sent sent,
      List<Encoded> paced,
      Map<String, Double> requests) {
    OracleComparison comparison = OracleComparison.of(reader.risk(), reader.marketing(), expected);
    Results.OnlineTables online = onlineTables();
    long events = input.events().size();
    double perMillion = 1e6 / Math.max(1, window.events());
    Map<String, Double> cpu = new TreeMap<>();
    window.usage().counts().forEach((process, nanos) -> cpu.put(process, nanos / 1e9 * perMillion));
    double jobCpu = Objects.requireNonNull(cpu.remove(JOB));
    Results.ArmResult result =
        new Results.ArmResult(
            arm.id(),
            arm.store(),
            arm.description(),
            events,
            new Results.Features(reader.risk().size(), reader.marketing().size()),
            new Results.Lookups(2L * reader.risk().size(), reader.risk().known()),
            comparison.mismatches(),
            reader.deadLetters(),
            comparison.sha256(),
            window.events() / window.usage().seconds(),
            jobCpu,
            window.warmUp(),
            cpu,
            requests.values().stream().mapToDouble(Double::doubleValue).sum(),
            requests,
            arm.countsItsRequests() ? "the store's client" : "HBase's region server, by row",
            FeatureLatency.of(paced, sent.scheduledMillis(), reader.risk(), reader.marketing()),
            sent.lagMillisMax(),
            online,
            count(loaded, DimensionLoad.CHANGES),
            loaded.counts().getOrDefault(DimensionLoad.LOAD_SECONDS, 0.0));
    return new Outcome(
        result, new ArmProblems(arm.id(), input, expected, reader).of(result, comparison));
  }

  private Results.@Nullable OnlineTables onlineTables() {
    if (!arm.usesItsStore()) {
      return null;
    }
    return OnlineCheck.of(work.path(), arm.id(), expected);
  }

  private static long count(ArmReport report, String name) {
    return report.counts().getOrDefault(name, 0.0).longValue();
  }
}
