// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.InputData.Encoded;
import io.dimstore.bench.subject.BenchException;
import io.dimstore.bench.workload.OpenLoop;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.UserChange;
import io.dimstore.events.transfer.Ticker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends encoded records to a topic, either all at once or at a fixed rate. Not thread-safe. */
public final class EventFeed implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  public EventFeed(String bootstrap) {
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.BATCH_SIZE_CONFIG,
                128 * 1024),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Sends all records, in order per key. Returns when the broker has acknowledged them. */
  public void bulk(String topic, List<Encoded> records) {
    for (Encoded record : records) {
      send(new ProducerRecord<>(topic, record.key(), record.value()));
    }
    flush(topic);
  }

  /** Sends all dimension changes to the topics that the arms share. */
  public void changes(List<Encoded> changes) {
    bulk(
        Topics.USER_CHANGES,
        changes.stream().filter(change -> change.record() instanceof UserChange).toList());
    bulk(
        Topics.ITEM_CHANGES,
        changes.stream().filter(change -> change.record() instanceof ItemChange).toList());
  }

  /** Sends records at a fixed rate, regardless of how earlier records progress. */
  public OpenLoop.Sent paced(String topic, List<Encoded> records, double perSecond) {
    OpenLoop.Sent sent =
        new OpenLoop(Ticker.system())
            .run(
                records,
                perSecond,
                (record, scheduledMillis) ->
                    send(
                        new ProducerRecord<>(
                            topic, null, (long) scheduledMillis, record.key(), record.value())));
    flush(topic);
    return sent;
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    producer.send(
        record,
        (metadata, e) -> {
          if (e != null) {
            failure.compareAndSet(null, e);
          }
        });
  }

  private void flush(String topic) {
    producer.flush();
    Exception e = failure.get();
    if (e != null) {
      throw new BenchException("Kafka did not take an event for topic " + topic + ": " + e, e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
