// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.output;

import io.dimstore.events.record.Event;
import io.dimstore.events.record.EventStreamException;
import io.dimstore.events.record.JsonEncoder;
import io.dimstore.events.record.RefusedLine;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to Kafka with an idempotent producer. Within one run every record arrives once,
 * and the records of one key arrive in order. Kafka's default partitioner assigns partitions by the
 * hash of the key.
 *
 * <p>The next call of any method throws the error of a send that failed permanently; {@link #flush}
 * does so at the latest. After that nothing more is sent.
 */
public final class TopicWriter implements RecordSink {

  private static final int LINGER_MILLIS = 5;
  private static final int BATCH_BYTES = 64 * 1024;
  private static final int REQUEST_TIMEOUT_MILLIS = 10_000;
  private static final int DELIVERY_TIMEOUT_MILLIS = 30_000;

  private final TopicOptions options;
  private final Producer<byte[], byte[]> producer;
  private final JsonEncoder encoder = new JsonEncoder();
  private final AtomicReference<@Nullable EventStreamException> failure = new AtomicReference<>();

  private TopicWriter(TopicOptions options, Producer<byte[], byte[]> producer) {
    this.options = options;
    this.producer = producer;
  }

  /**
   * Creates the topics that do not exist and connects.
   *
   * @throws EventStreamException if no broker answers or the broker rejects the request
   */
  public static TopicWriter open(TopicOptions options) {
    TopicCreation.prepare(options);
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrap());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) DELIVERY_TIMEOUT_MILLIS);
    config.putAll(options.clientProperties());
    try {
      ByteArraySerializer bytes = new ByteArraySerializer();
      return new TopicWriter(options, new KafkaProducer<>(config, bytes, bytes));
    } catch (KafkaException e) {
      throw TopicCreation.failure(options, "cannot write to Kafka", e);
    }
  }

  @Override
  public void write(StreamRecord record, long intendedMillis) {
    send(
        topic(record),
        timestamp(record, intendedMillis),
        encoder.key(record),
        encoder.value(record));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if the options have no topic for refused lines
   */
  @Override
  public void refuse(RefusedLine line) {
    if (options.refused() == null) {
      throw new IllegalStateException("no topic for refused lines");
    }
    byte[] key = Long.toString(line.line()).getBytes(StandardCharsets.UTF_8);
    send(options.refused(), null, key, encoder.value(line));
  }

  @Override
  public void flush() {
    producer.flush();
    throwFailure();
  }

  @Override
  public void close() {
    boolean failed = failure.get() != null;
    producer.close(Duration.ofMillis(failed ? 0 : DELIVERY_TIMEOUT_MILLIS));
    if (!failed) {
      throwFailure();
    }
  }

  private String topic(StreamRecord record) {
    if (record instanceof Event) {
      return options.events();
    }
    return record instanceof UserChange ? options.userChanges() : options.itemChanges();
  }

  /** Returns the time of the Kafka record. With null the producer uses the current time. */
  private @Nullable Long timestamp(StreamRecord record, long intendedMillis) {
    return switch (options.timestamps()) {
      case SEND -> null;
      case INTENDED -> Long.valueOf(intendedMillis);
      case EVENT -> Long.valueOf(record.timeMillis());
    };
  }

  private void send(String topic, @Nullable Long timestamp, byte[] key, byte[] value) {
    throwFailure();
    try {
      producer.send(
          new ProducerRecord<>(topic, null, timestamp, key, value),
          (RecordMetadata sent, @Nullable Exception e) -> {
            if (e != null) {
              failure.compareAndSet(null, refused(topic, e));
            }
          });
    } catch (KafkaException e) {
      throw refused(topic, e);
    }
  }

  private EventStreamException refused(String topic, Exception e) {
    return TopicCreation.failure(options, "topic " + topic + " did not accept a record", e);
  }

  private void throwFailure() {
    EventStreamException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }
}
