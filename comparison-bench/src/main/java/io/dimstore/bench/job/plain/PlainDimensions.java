// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job.plain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.bench.compare.arm.ArmPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The dimension rows, in memory. Not modified after they are loaded. */
final class PlainDimensions {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, User> users = new HashMap<>();
  private final Map<String, Item> items = new HashMap<>();

  private PlainDimensions() {}

  /** A row of {@code dim_user} without its key. */
  record User(@Nullable String country, @Nullable Integer level) {}

  /** A row of {@code dim_item} without its key, with the columns that the features use. */
  record Item(@Nullable String category, @Nullable Long listPrice) {}

  /** Reads the changes that Kafka has now. */
  static PlainDimensions load(ArmPlan plan) throws IOException {
    return of(read(plan, plan.topics().userChanges()), read(plan, plan.topics().itemChanges()));
  }

  /**
   * Keeps the newest version of each row.
   *
   * @param userChanges changes of {@code dim_user} as JSON
   * @param itemChanges changes of {@code dim_item} as JSON
   */
  static PlainDimensions of(List<byte[]> userChanges, List<byte[]> itemChanges) throws IOException {
    PlainDimensions loaded = new PlainDimensions();
    newest(userChanges, "user_id")
        .forEach(
            (key, row) ->
                loaded.users.put(
                    key,
                    new User(
                        row.get("country").textValue(),
                        row.get("level").isNull() ? null : row.get("level").intValue())));
    newest(itemChanges, "item_id")
        .forEach(
            (key, row) ->
                loaded.items.put(
                    key,
                    new Item(
                        row.get("category").textValue(),
                        row.get("list_price").isNull()
                            ? null
                            : row.get("list_price").longValue())));
    return loaded;
  }

  @Nullable User user(String id) {
    return users.get(id);
  }

  @Nullable Item item(String id) {
    return items.get(id);
  }

  /** Returns the newest change of each key, without the keys whose newest change is a delete. */
  private static Map<String, JsonNode> newest(List<byte[]> changes, String key) throws IOException {
    Map<String, JsonNode> newest = new HashMap<>();
    for (byte[] json : changes) {
      JsonNode change = JSON.readTree(json);
      newest.merge(
          change.get(key).textValue(),
          change,
          (a, b) -> b.get("version").longValue() >= a.get("version").longValue() ? b : a);
    }
    newest.values().removeIf(change -> !change.get("op").textValue().equals("upsert"));
    return newest;
  }

  private static List<byte[]> read(ArmPlan plan, String topic) {
    List<TopicPartition> partitions = PlainClients.partitions(topic, plan.parallelism());
    List<byte[]> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        PlainClients.consumer(plan.bootstrap(), partitions)) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<TopicPartition> left = new ArrayList<>(partitions);
      while (!left.isEmpty()) {
        consumer.poll(POLL).forEach(record -> values.add(record.value()));
        left.removeIf(
            partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
      }
    }
    return values;
  }
}
