// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import io.dimstore.bench.checkpoint.CheckpointFigures.Checkpoint;
import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.FeatureRows;
import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.bench.compare.process.ArmProcess;
import io.dimstore.bench.compare.process.ArmReport;
import io.dimstore.bench.compare.process.ArmReport.State;
import io.dimstore.bench.compare.process.WorkFolder;
import io.dimstore.bench.compare.report.Results.LatencyMillis;
import io.dimstore.bench.compare.run.EventFeed;
import io.dimstore.bench.compare.run.FeatureLatency;
import io.dimstore.bench.compare.run.OutputReader;
import io.dimstore.bench.compare.run.RowArrival;
import io.dimstore.bench.measure.ThreadUsage;
import io.dimstore.bench.stats.Estimate;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.workload.OpenLoop;
import io.dimstore.cli.Progress;
import io.dimstore.cli.report.NumberFormats;
import io.dimstore.stack.LocalStack;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** The job on one backend, and what is measured of it. Not thread-safe. */
final class MeasuredBackend implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** How many events of the past are sent before their rows are awaited. */
  private static final int AT_ONCE = 50_000;

  private final String name;
  private final CheckpointBenchSettings settings;
  private final LocalStack stack;
  private final EventFeed feed;
  private final Progress progress;
  private final Path log;
  private final Topics topics;
  private final OutputReader reader;
  private final ArmProcess process;
  private final UserEvents events;
  private final Blocks with = new Blocks();
  private final Blocks without = new Blocks();
  private final List<Checkpoint> checkpoints = new ArrayList<>();
  private final FeatureRows risk = new FeatureRows(0);
  private final FeatureRows marketing = new FeatureRows(0);
  private long rows;
  private long deadLetters;
  private long sent;

  /** The measured blocks of one kind. */
  private static final class Blocks {
    private final List<Encoded> events = new ArrayList<>();
    private final List<double[]> scheduledMillis = new ArrayList<>();
    private final List<Double> cpuNanos = new ArrayList<>();
  }

  private MeasuredBackend(
      Backend backend,
      CheckpointBenchSettings settings,
      LocalStack stack,
      EventFeed feed,
      Progress progress,
      Path log,
      Topics topics,
      OutputReader reader,
      ArmProcess process) {
    this.name = backend.text();
    this.settings = settings;
    this.stack = stack;
    this.feed = feed;
    this.progress = progress;
    this.log = log;
    this.topics = topics;
    this.reader = reader;
    this.process = process;
    this.events =
        new UserEvents(
            settings.seed(),
            settings.users(),
            settings.eventsPerUser(),
            System.currentTimeMillis());
  }

  /** Returns the log of a backend's process. */
  static Path log(Path logs, Backend backend) {
    return logs.resolve("checkpoint-" + backend.text() + ".log");
  }

  /** Creates the topics and starts the process. */
  static MeasuredBackend start(
      Backend backend,
      CheckpointBenchSettings settings,
      LocalStack stack,
      WorkFolder work,
      Path logs,
      EventFeed feed,
      Progress progress) {
    String bootstrap = stack.kafka().bootstrapServers();
    Topics topics = Topics.of(backend.text());
    topics.create(bootstrap, settings.parallelism());
    ArmPlan plan =
        new ArmPlan(
            backend.text(),
            bootstrap,
            topics,
            List.of(),
            settings.arm().store(),
            settings.arm().storeOptions(),
            Map.of(),
            null,
            settings.parallelism(),
            Map.of());
    Path log = log(logs, backend);
    OutputReader reader = new OutputReader(bootstrap, topics, settings.parallelism());
    try {
      ArmProcess process = ArmProcess.start(CheckpointMain.class, plan, work, log);
      return new MeasuredBackend(
          backend, settings, stack, feed, progress, log, topics, reader, process);
    } catch (BenchException e) {
      reader.close();
      throw e;
    }
  }

  /**
   * Fills the state and measures the blocks.
   *
   * @throws BenchException if the job makes no progress or fails
   */
  CheckpointFigures.OfBackend run() {
    process.await(State.LOADED, LIMIT, stack::check);
    process.proceed();
    process.await(State.RUNNING, LIMIT, stack::check);
    fill();
    Checkpoint first = checkpoint();
    progress.step(
        "%s: the first checkpoint wrote %s MB in %s ms"
            .formatted(
                name,
                NumberFormats.measure(first.writtenBytes() / 1e6),
                NumberFormats.measure(first.millis())));
    // Blocks like the measured ones, for what follows a first checkpoint.
    block(new Blocks(), true);
    checkpoints.clear();
    SplittableRandom random = new SplittableRandom(settings.seed());
    for (int round = 1; round <= settings.rounds(); round++) {
      boolean checkpointFirst = random.nextBoolean();
      block(checkpointFirst ? with : without, checkpointFirst);
      block(checkpointFirst ? without : with, !checkpointFirst);
      progress.step(
          "%s: round %d of %d, checkpoint of %s ms"
              .formatted(
                  name,
                  round,
                  settings.rounds(),
                  NumberFormats.measure(checkpoints.get(checkpoints.size() - 1).millis())));
    }
    return figures(first);
  }

  private void fill() {
    long all = events.pastEvents();
    for (long from = 0; from < all; from += AT_ONCE) {
      List<Encoded> past = events.past(from, AT_ONCE);
      sent += past.size();
      feed.bulk(topics.events(), past);
      awaitRows(false);
      progress.update(name + ": events before the measurement", sent, all);
    }
  }

  /** Sends the events of a block and waits for their rows. */
  private void block(Blocks blocks, boolean withCheckpoint) {
    List<Encoded> block = events.next(settings.perBlock());
    double before = cpuNanos();
    if (withCheckpoint) {
      process.proceed();
    }
    sent += block.size();
    OpenLoop.Sent schedule = feed.paced(topics.events(), block, settings.perSecond());
    if (withCheckpoint) {
      checkpoints.add(checkpointed());
    }
    awaitRows(true);
    blocks.cpuNanos.add(cpuNanos() - before);
    blocks.events.addAll(block);
    blocks.scheduledMillis.add(schedule.scheduledMillis());
  }

  private Checkpoint checkpoint() {
    process.proceed();
    return checkpointed();
  }

  private Checkpoint checkpointed() {
    Map<String, Double> counts = process.await(State.CHECKPOINTED, LIMIT, stack::check).counts();
    return new Checkpoint(
        counts.getOrDefault(CheckpointMain.MILLIS, 0.0),
        counts.getOrDefault(CheckpointMain.SYNC_MILLIS, 0.0),
        counts.getOrDefault(CheckpointMain.WRITTEN_BYTES, 0.0),
        counts.getOrDefault(CheckpointMain.STATE_BYTES, 0.0));
  }

  /** Returns the CPU time of the job's process so far, without compilers. */
  private double cpuNanos() {
    double nanos = 0;
    for (Map.Entry<String, Double> count : process.usage(LIMIT, stack::check).counts().entrySet()) {
      if (count.getKey().startsWith(ArmReport.CPU)
          && !count.getKey().equals(ArmReport.CPU + ThreadUsage.JIT)) {
        nanos += count.getValue();
      }
    }
    return nanos;
  }

  /**
   * Waits until every event that was sent has both rows.
   *
   * @param kept whether to keep the rows, for their times
   */
  private void awaitRows(boolean kept) {
    RowArrival.await(
        "The job on " + name,
        () -> rows / 2,
        sent,
        () -> poll(kept),
        () -> {
          process.requireAlive();
          stack.check();
          if (deadLetters > 0) {
            throw new BenchException("The job refused " + deadLetters + " events. Its log: " + log);
          }
        },
        log);
  }

  private boolean poll(boolean kept) {
    return reader.poll(
        record -> {
          if (record.topic().equals(topics.deadLetters())) {
            deadLetters++;
            return;
          }
          rows++;
          if (kept) {
            (record.topic().equals(topics.risk()) ? risk : marketing)
                .add(record.value(), record.timestamp());
          }
        });
  }

  private CheckpointFigures.OfBackend figures(Checkpoint first) {
    List<Double> extraMillis = new ArrayList<>();
    for (int round = 0; round < settings.rounds(); round++) {
      extraMillis.add((with.cpuNanos.get(round) - without.cpuNanos.get(round)) / 1e6);
    }
    return new CheckpointFigures.OfBackend(
        first,
        range(Checkpoint::millis),
        range(Checkpoint::syncMillis),
        range(Checkpoint::writtenBytes),
        checkpoints.get(checkpoints.size() - 1).stateBytes(),
        Map.of(CheckpointFigures.WITH, latency(with), CheckpointFigures.WITHOUT, latency(without)),
        Estimate.median(without.cpuNanos.stream().mapToDouble(Double::doubleValue).toArray())
            / 1e3
            / settings.perBlock(),
        Estimate.of(extraMillis, settings.seed()),
        risk.duplicates() + marketing.duplicates());
  }

  private Estimate range(ToDoubleFunction<Checkpoint> figure) {
    return Estimate.range(checkpoints.stream().mapToDouble(figure).boxed().toList());
  }

  private LatencyMillis latency(Blocks blocks) {
    double[] scheduled = blocks.scheduledMillis.stream().flatMapToDouble(Arrays::stream).toArray();
    return FeatureLatency.of(blocks.events, scheduled, risk, marketing);
  }

  @Override
  public void close() {
    process.close();
    reader.close();
  }
}
