package io.dimstore.bench;

import io.dimstore.bench.InputData.Encoded;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends encoded records to a topic, all at once or at a pace. Not thread-safe. */
final class EventFeed implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  EventFeed(String bootstrap) {
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

  /** Sends all, in their order per key, and returns when the broker has them. */
  void bulk(String topic, List<Encoded> records) {
    for (Encoded record : records) {
      send(new ProducerRecord<>(topic, record.key(), record.value()));
    }
    flush(topic);
  }

  /**
   * Sends record n at n / rate seconds after the start, whatever became of those before (open
   * loop).
   *
   * @return each record's intended send time and the greatest lag behind it
   */
  Paced paced(String topic, List<Encoded> records, double perSecond) {
    double[] intended = new double[records.size()];
    double lagMillis = 0;
    double startMillis = System.currentTimeMillis() + 50;
    long startNanos = System.nanoTime() + 50_000_000L;
    for (int i = 0; i < records.size(); i++) {
      long offset = (long) (i * 1e9 / perSecond);
      long due = startNanos + offset;
      long left = due - System.nanoTime();
      while (left > 0) {
        LockSupport.parkNanos(left);
        left = due - System.nanoTime();
      }
      intended[i] = startMillis + offset / 1e6;
      lagMillis = Math.max(lagMillis, (System.nanoTime() - due) / 1e6);
      Encoded record = records.get(i);
      send(new ProducerRecord<>(topic, null, (long) intended[i], record.key(), record.value()));
    }
    flush(topic);
    return new Paced(intended, lagMillis);
  }

  /** Intended send times in epoch milliseconds, and how late the sender was at worst. */
  record Paced(double[] intendedMillis, double lagMillisMax) {}

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
      throw new CompareException("Kafka did not take an event for topic " + topic + ": " + e, e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
