package io.dimstore.bench;

import io.dimstore.bench.ArmReport.State;
import io.dimstore.bench.InputData.Encoded;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs one arm from its empty topics to its figures: loads the dimensions, lets the job read the
 * bulk of the events as fast as it can, then sends the rest at a pace.
 */
final class ArmRun {

  private static final Duration LOAD_LIMIT = Duration.ofMinutes(15);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STALL_LIMIT = Duration.ofMinutes(2);

  /** The first part of the bulk is left out of the timed figures: the job is still warming up. */
  private static final double WARM_UP = 0.2;

  private final Arm arm;
  private final CompareSettings settings;
  private final LocalStack stack;
  private final InputData input;
  private final Expected expected;
  private final Path work;
  private final Progress progress;

  ArmRun(
      Arm arm,
      CompareSettings settings,
      LocalStack stack,
      InputData input,
      Expected expected,
      Path work,
      Progress progress) {
    this.arm = arm;
    this.settings = settings;
    this.stack = stack;
    this.input = input;
    this.expected = expected;
    this.work = work;
    this.progress = progress;
  }

  /** What the arm did, and how its rows compare with the oracle's. */
  record Outcome(Results.ArmResult result, List<String> problems) {}

  Outcome run() {
    try {
      return runToTheEnd();
    } catch (CompareException e) {
      stack.check(); // a server that died is the reason, and more telling
      throw e;
    }
  }

  private Outcome runToTheEnd() {
    String bootstrap = stack.kafka().bootstrapServers();
    Topics topics = Topics.of(arm.id());
    topics.create(bootstrap, settings.parallelism());
    int events = input.events().size();
    int bulk = events - Math.min(settings.pacedEvents(), events / 2);
    List<Encoded> paced = input.events().subList(bulk, events);
    progress.step(arm.id() + ": starting, " + Figures.count(bulk) + " events in bulk");
    try (EventFeed feed = new EventFeed(bootstrap);
        FeatureReader reader =
            new FeatureReader(bootstrap, topics, settings.parallelism(), events);
        HBaseMeter meter = arm.countsItsRequests() ? null : new HBaseMeter(stack.hbase());
        ArmProcess process = start(topics)) {
      feed.bulk(topics.events(), input.events().subList(0, bulk));
      if (meter != null) {
        meter.create(arm.tablesToCreate());
      }
      ArmReport loaded = process.await(State.LOADED, LOAD_LIMIT, stack::check);
      progress.step(arm.id() + ": dimensions loaded");
      long metered = meter == null ? 0 : meter.requests();
      process.proceed();
      process.await(State.RUNNING, START_LIMIT, stack::check);
      Window window = readBulk(reader, process, bulk);
      progress.step(
          arm.id()
              + ": bulk done, now "
              + paced.size()
              + " events at "
              + settings.pacedPerSecond()
              + "/s");
      EventFeed.Paced sent = sendPaced(feed, topics, paced, reader, process, events);
      process.proceed();
      ArmReport stopped = process.await(State.STOPPED, START_LIMIT, stack::check);
      Map<String, Double> requests =
          meter == null
              ? requestsByServer(stopped, events)
              : Map.of("hbase", (meter.requests() - metered) / (double) events);
      return outcome(reader, loaded, stopped, window, sent, paced, requests);
    }
  }

  private ArmProcess start(Topics topics) {
    ArmPlan plan =
        new ArmPlan(
            arm.id(),
            stack.kafka().bootstrapServers(),
            topics,
            arm.store(),
            arm.storeOptions(stack),
            arm.tables(stack),
            arm == Arm.STOCK_HBASE ? "stock-hbase" : null,
            settings.parallelism());
    return ArmProcess.start(plan, work, settings.out().resolve("arm-" + arm.id() + ".log"));
  }

  /** What the timed part of the bulk took. */
  private record Window(
      double events, double seconds, double jobCpu, Map<String, Double> serverCpu) {}

  private Window readBulk(FeatureReader reader, ArmProcess process, int bulk) {
    awaitEvents(reader, process, (long) (bulk * WARM_UP));
    long from = reader.done();
    long startNanos = System.nanoTime();
    double jobCpu = ProcessCpu.seconds(process.handle());
    Map<String, Double> serverCpu = serverCpu();
    awaitEvents(reader, process, bulk);
    double seconds = (System.nanoTime() - startNanos) / 1e9;
    double jobCpuUsed = ProcessCpu.seconds(process.handle()) - jobCpu;
    Map<String, Double> serverCpuUsed = serverCpu();
    serverCpuUsed.replaceAll((server, cpu) -> cpu - serverCpu.getOrDefault(server, 0.0));
    return new Window(bulk - from, seconds, jobCpuUsed, serverCpuUsed);
  }

  private EventFeed.Paced sendPaced(
      EventFeed feed,
      Topics topics,
      List<Encoded> paced,
      FeatureReader reader,
      ArmProcess process,
      int events) {
    EventFeed.Paced sent = feed.paced(topics.events(), paced, settings.pacedPerSecond());
    awaitEvents(reader, process, events);
    return sent;
  }

  private void awaitEvents(FeatureReader reader, ArmProcess process, long wanted) {
    long lastNews = System.nanoTime();
    while (reader.done() < wanted) {
      if (reader.poll()) {
        lastNews = System.nanoTime();
        progress.update(arm.id(), reader.done(), input.events().size());
      } else {
        process.requireAlive();
        stack.check();
        if (System.nanoTime() - lastNews > STALL_LIMIT.toNanos()) {
          throw new CompareException(
              "Arm "
                  + arm.id()
                  + " stands still: "
                  + reader.done()
                  + " of "
                  + wanted
                  + " events are through and nothing came for "
                  + STALL_LIMIT.toSeconds()
                  + " s. Its log: "
                  + settings.out().resolve("arm-" + arm.id() + ".log"));
        }
      }
    }
  }

  private Map<String, Double> serverCpu() {
    Map<String, Double> cpu = new TreeMap<>();
    for (Server server : arm.servers()) {
      cpu.put(server.id(), ProcessCpu.seconds(stack.process(server)));
    }
    cpu.put(Server.KAFKA.id(), ProcessCpu.seconds(stack.process(Server.KAFKA)));
    return cpu;
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
      ArmReport stopped,
      Window window,
      EventFeed.Paced sent,
      List<Encoded> paced,
      Map<String, Double> requests) {
    Verdict verdict = Verdict.of(reader.risk(), reader.marketing(), expected);
    Results.OnlineTables online = onlineTables(stopped);
    long events = input.events().size();
    double perMillion = 1e6 / Math.max(1, window.events());
    Map<String, Double> serverCpu = new TreeMap<>(window.serverCpu());
    serverCpu.replaceAll((server, cpu) -> cpu * perMillion);
    Results.ArmResult result =
        new Results.ArmResult(
            arm.id(),
            arm.description(),
            events,
            new Results.Features(reader.risk().size(), reader.marketing().size()),
            new Results.Lookups(2L * reader.risk().size(), reader.risk().known()),
            verdict.mismatches(),
            reader.deadLetters(),
            verdict.sha256(),
            window.events() / window.seconds(),
            window.jobCpu() * perMillion,
            serverCpu,
            requests.values().stream().mapToDouble(Double::doubleValue).sum(),
            requests,
            arm.countsItsRequests() ? "the store's client" : "HBase's region server, by row",
            Percentiles.of(paced, sent.intendedMillis(), reader.risk(), reader.marketing()),
            sent.lagMillisMax(),
            online,
            count(loaded, ArmMain.CHANGES),
            loaded.counts().getOrDefault(ArmMain.LOAD_SECONDS, 0.0));
    return new Outcome(
        result, new ArmProblems(arm.id(), input, expected, reader).of(result, verdict));
  }

  private Results.@Nullable OnlineTables onlineTables(ArmReport stopped) {
    if (arm == Arm.STOCK_HBASE) {
      return null;
    }
    return OnlineCheck.of(work, arm.id(), stopped, expected);
  }

  private static long count(ArmReport report, String name) {
    return report.counts().getOrDefault(name, 0.0).longValue();
  }
}
