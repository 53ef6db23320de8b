// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import io.dimstore.bench.compare.arm.Addresses;
import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.bench.compare.oracle.RowCheck;
import io.dimstore.bench.compare.process.ArmMain;
import io.dimstore.bench.compare.process.ArmProcess;
import io.dimstore.bench.compare.process.ArmReport;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.bench.compare.process.WorkFolder;
import io.dimstore.bench.compare.run.EventFeed;
import io.dimstore.bench.compare.run.OutputReader;
import io.dimstore.bench.compare.run.RowArrival;
import io.dimstore.bench.job.plain.PlainMain;
import io.dimstore.bench.measure.SectionMeter;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.stack.LocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * An arm whose job runs from the first block to the last. Between its blocks it has no events to
 * process. Not thread-safe.
 */
final class MeasuredArm implements AutoCloseable {

  /** The name of the arm without Flink. */
  static final String PLAIN = "plain";

  private static final Duration LOAD_LIMIT = Duration.ofMinutes(15);
  private static final Duration STEP_LIMIT = Duration.ofMinutes(5);
  private static final Duration STALL_LIMIT = Duration.ofMinutes(2);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final String id;
  private final boolean hasOnlineTables;
  private final Topics topics;
  private final LocalStack stack;
  private final RowCheck check;
  private final OutputReader reader;
  private final ArmProcess process;
  private final Path log;
  private final SectionMeter servers;
  private long sent;

  private MeasuredArm(
      ArmPlan plan,
      boolean hasOnlineTables,
      LocalStack stack,
      RowCheck check,
      OutputReader reader,
      ArmProcess process,
      Path log) {
    this.id = plan.arm();
    this.hasOnlineTables = hasOnlineTables;
    this.topics = plan.topics();
    this.stack = stack;
    this.check = check;
    this.reader = reader;
    this.process = process;
    this.log = log;
    this.servers = SectionMeter.ofCpu(Map.of(), servers(plan, stack));
  }

  private static Map<String, ProcessHandle> servers(ArmPlan plan, LocalStack stack) {
    Map<String, ProcessHandle> servers = new TreeMap<>();
    servers.put("kafka", stack.process("kafka"));
    for (String server : plan.servers()) {
      servers.put(server, stack.process(server));
    }
    return servers;
  }

  /** Counts the rows of the warm-up. */
  private static final class RowCount {
    private long risk;
    private long marketing;
    private long deadLetters;

    void add(Topics topics, String topic) {
      if (topic.equals(topics.risk())) {
        risk++;
      } else if (topic.equals(topics.marketing())) {
        marketing++;
      } else {
        deadLetters++;
      }
    }

    long done() {
      return Math.min(risk, marketing) + deadLetters;
    }
  }

  /**
   * What a block took.
   *
   * @param counts how far the counts of a USAGE report advanced
   * @param serverNanos CPU time of each server
   */
  record Block(Map<String, Double> counts, Map<String, Long> serverNanos) {}

  /** Creates the topics and starts the process, which loads the dimensions. */
  static MeasuredArm start(
      @Nullable Arm arm,
      JobBenchSettings settings,
      LocalStack stack,
      WorkFolder work,
      Path logs,
      RowCheck check) {
    String bootstrap = stack.kafka().bootstrapServers();
    String id = arm == null ? PLAIN : arm.id();
    Topics topics = Topics.of(id);
    int parallelism = settings.parallelism();
    Map<String, String> kafka =
        Map.of(ProducerConfig.LINGER_MS_CONFIG, Long.toString(settings.linger().toMillis()));
    ArmPlan plan =
        arm == null
            ? new ArmPlan(
                id, bootstrap, topics, List.of(), "", Map.of(), Map.of(), null, parallelism, kafka)
            : Addresses.of(stack, work.path())
                .plan(arm, bootstrap, topics, parallelism)
                .withKafkaProperties(kafka);
    topics.create(bootstrap, parallelism);
    Path log = logs.resolve("arm-" + id + ".log");
    OutputReader reader = new OutputReader(bootstrap, topics, parallelism);
    try {
      ArmProcess process =
          ArmProcess.start(arm == null ? PlainMain.class : ArmMain.class, plan, work, log);
      boolean hasOnlineTables = arm != null && arm.usesItsStore();
      return new MeasuredArm(plan, hasOnlineTables, stack, check, reader, process, log);
    } catch (BenchException e) {
      reader.close();
      throw e;
    }
  }

  /** Returns the arm's name in the results. */
  String id() {
    return id;
  }

  /** Returns whether the job writes online tables, which a stopped arm dumps. */
  boolean hasOnlineTables() {
    return hasOnlineTables;
  }

  /** Returns the log of the arm's process. */
  Path log() {
    return log;
  }

  /** Returns the check of the rows that this arm has written. */
  RowCheck check() {
    return check;
  }

  /** Waits until the dimensions are loaded. */
  void awaitLoaded() {
    process.await(State.LOADED, LOAD_LIMIT, stack::check);
  }

  /** Starts the job. */
  void startJob() {
    process.proceed();
    process.await(State.RUNNING, STEP_LIMIT, stack::check);
  }

  /** Stops the job, which writes what it has buffered. */
  void stopJob() {
    process.proceed();
    process.await(State.STOPPED, STEP_LIMIT, stack::check);
  }

  /**
   * Sends events of the warm-up and waits until Kafka and the online tables have their rows. The
   * rows are counted and not checked: the oracle does not know these events.
   */
  void warmUp(List<Encoded> events, EventFeed feed) {
    RowCount rows = new RowCount();
    send(
        events,
        feed,
        rows::done,
        events.size(),
        () -> reader.poll(record -> rows.add(topics, record.topic())));
  }

  /**
   * Sends events and waits until Kafka and the online tables have their rows, which are checked.
   */
  void process(List<Encoded> events, EventFeed feed) {
    sent += events.size();
    send(events, feed, check::done, sent, this::poll);
  }

  private void send(
      List<Encoded> events, EventFeed feed, LongSupplier done, long wanted, BooleanSupplier poll) {
    feed.bulk(topics.events(), events);
    RowArrival.await(
        "Arm " + id,
        done,
        wanted,
        poll,
        () -> {
          process.requireAlive();
          stack.check();
        },
        log);
    awaitOnlineTables();
  }

  /** The sinks of the online tables delay their writes, so these end after the rows in Kafka. */
  private void awaitOnlineTables() {
    long begin = System.nanoTime();
    while (true) {
      double waiting = usage().counts().getOrDefault(ArmMain.WAITING_CHANGES, 0.0);
      if (waiting == 0) {
        return;
      }
      stack.check();
      if (System.nanoTime() - begin > STALL_LIMIT.toNanos()) {
        throw new BenchException(
            "Arm "
                + id
                + " makes no progress: %.0f changes of its online tables still wait after %d s."
                    .formatted(waiting, STALL_LIMIT.toSeconds())
                + " Its log: "
                + log);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private boolean poll() {
    return reader.poll(
        record -> {
          if (record.topic().equals(topics.risk())) {
            check.risk(record.value());
          } else if (record.topic().equals(topics.marketing())) {
            check.marketing(record.value());
          } else {
            check.deadLetter();
          }
        });
  }

  /** Does the same and measures it. */
  Block measure(List<Encoded> events, EventFeed feed) {
    SectionMeter.Section section = servers.start();
    Map<String, Double> before = usage().counts();
    process(events, feed);
    Map<String, Double> counts = new TreeMap<>(usage().counts());
    Map<String, Long> serverNanos = section.end().counts();
    counts.replaceAll((name, value) -> value - before.getOrDefault(name, 0.0));
    return new Block(counts, serverNanos);
  }

  /** Begins to record CPU samples. */
  void record() {
    process.record();
  }

  /** Ends the recording and returns its file. */
  Path endRecord() {
    return process.endRecord(STEP_LIMIT, stack::check);
  }

  private ArmReport usage() {
    return process.usage(STEP_LIMIT, stack::check);
  }

  @Override
  public void close() {
    process.close();
    reader.close();
  }
}
