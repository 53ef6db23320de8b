// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.plain;

import io.dimstore.bench.compare.arm.ArmPlan;
import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.process.ArmSql;
import io.dimstore.features.input.DeadLetterReason;
import io.dimstore.features.input.EventDecoder;
import io.dimstore.features.input.ParsedEvent;
import io.dimstore.features.lookback.LookBackTable;
import io.dimstore.jobs.records.ArrivalTime;
import io.dimstore.jobs.records.BadRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Processes one partition of the events in a thread of its own. The topic is keyed by user, so a
 * worker has all events of its users.
 */
final class PlainWorker {

  /** The limit that the feature job has by default. */
  private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofMillis(100);

  private final ArmPlan plan;
  private final int partition;
  private final PlainDimensions dimensions;
  private final EventDecoder decoder = new EventDecoder(MAX_AHEAD);
  private final LookBackTable lookBacks = new LookBackTable(ArmSql.LATENESS);
  private final PlainRows rows = new PlainRows();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Callback onSent =
      (metadata, e) -> {
        if (e != null) {
          failure.compareAndSet(null, e);
        }
      };
  private final Thread thread;
  private volatile boolean stopped;

  private PlainWorker(ArmPlan plan, int partition, PlainDimensions dimensions) {
    this.plan = plan;
    this.partition = partition;
    this.dimensions = dimensions;
    this.thread = new Thread(this::run, "plain-" + partition);
  }

  static PlainWorker start(ArmPlan plan, int partition, PlainDimensions dimensions) {
    PlainWorker worker = new PlainWorker(plan, partition, dimensions);
    worker.thread.setDaemon(true);
    worker.thread.start();
    return worker;
  }

  /** Fails if the worker has failed. */
  void requireRunning() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("Partition " + partition + " failed: " + cause, cause);
    }
  }

  /** Stops the worker after the records that it has read, and sends their rows. */
  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
    requireRunning();
  }

  private void run() {
    List<TopicPartition> mine = List.of(new TopicPartition(plan.topics().events(), partition));
    try (KafkaConsumer<byte[], byte[]> consumer = PlainClients.consumer(plan.bootstrap(), mine);
        KafkaProducer<byte[], byte[]> producer = PlainClients.producer(plan)) {
      while (!stopped && failure.get() == null) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          process(record, producer);
        }
      }
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void process(
      ConsumerRecord<byte[], byte[]> record, KafkaProducer<byte[], byte[]> producer) {
    Topics topics = plan.topics();
    ParsedEvent event;
    try {
      event = decoder.decode(record.value(), arrival(record));
    } catch (BadRecord e) {
      sendDeadLetter(record, e.reason(), producer);
      return;
    }
    if (!lookBacks.add(event)) {
      sendDeadLetter(record, DeadLetterReason.TOO_LATE, producer);
      return;
    }
    PlainDimensions.User user = dimensions.user(event.userId());
    PlainDimensions.Item item = dimensions.item(event.itemId());
    byte[] key = event.userId().getBytes(StandardCharsets.UTF_8);
    byte[] risk = rows.risk(event, lookBacks, user, item);
    byte[] marketing = rows.marketing(event, lookBacks, user, item);
    producer.send(new ProducerRecord<>(topics.risk(), key, risk), onSent);
    producer.send(new ProducerRecord<>(topics.marketing(), key, marketing), onSent);
  }

  private static long arrival(ConsumerRecord<byte[], byte[]> record) {
    return ArrivalTime.latest(
        record.timestamp(),
        record.timestampType() == TimestampType.LOG_APPEND_TIME,
        System.currentTimeMillis());
  }

  private void sendDeadLetter(
      ConsumerRecord<byte[], byte[]> record,
      BadRecord.Reason reason,
      KafkaProducer<byte[], byte[]> producer) {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(plan.topics().deadLetters(), record.key(), record.value());
    letter.headers().add("reason", reason.code().getBytes(StandardCharsets.UTF_8));
    producer.send(letter, onSent);
  }
}
