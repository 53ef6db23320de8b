// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.stack.dynamodb.http.Answer;
import io.dimstore.stack.dynamodb.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The capacity of tables and of their partitions, as the service limits it: a request is admitted
 * while there are units left, and may leave a debt. At most one second's units accumulate.
 * Thread-safe.
 */
final class ServiceCapacity {

  static final double PARTITION_READ_UNITS = 3000;
  static final double PARTITION_WRITE_UNITS = 1000;

  /** A limit that was reached, with the service's names for it. */
  enum Limit {
    TABLE_READ("ProvisionedThroughputExceeded", "TableReadProvisionedThroughputExceeded"),
    TABLE_WRITE("ProvisionedThroughputExceeded", "TableWriteProvisionedThroughputExceeded"),
    PARTITION_READ("ThrottlingError", "TableReadKeyRangeThroughputExceeded"),
    PARTITION_WRITE("ThrottlingError", "TableWriteKeyRangeThroughputExceeded");

    /** The code in the response to one statement of a batch. */
    final String code;

    final String reason;

    Limit(String code, String reason) {
      this.code = code;
      this.reason = reason;
    }

    /** Returns the response to a request of which nothing was processed. */
    Answer refusal(String table) {
      boolean ofPartition = this == PARTITION_READ || this == PARTITION_WRITE;
      var body =
          Json.object()
              .put(
                  "__type",
                  "com.amazonaws.dynamodb.v20120810#"
                      + (ofPartition
                          ? "ThrottlingException"
                          : "ProvisionedThroughputExceededException"))
              .put("message", "Throughput exceeds the current capacity of the table " + table);
      body.putArray(ofPartition ? "throttlingReasons" : "ThrottlingReasons")
          .addObject()
          .put("reason", reason)
          .put("resource", "arn:aws:dynamodb:us-east-1:000000000000:table/" + table);
      return Answer.of(400, body.toString());
    }
  }

  private final ModelSettings settings;
  private final LongSupplier nanoTime;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  ServiceCapacity(ModelSettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  boolean isLimited() {
    return settings.partitions() > 0
        || settings.tableReadUnits() > 0
        || settings.tableWriteUnits() > 0;
  }

  /**
   * Takes units of a table and of the partition of a key, or returns the limit that is reached.
   *
   * @param key the value of the partition key, or null for a request that concerns all partitions
   */
  @Nullable Limit take(String table, @Nullable JsonNode key, boolean write, double units) {
    Bucket ofTable = ofTable(table, write);
    Bucket ofPartition = key == null ? null : ofPartition(table, key, write);
    synchronized (this) {
      if (ofPartition != null && ofPartition.isEmpty()) {
        return write ? Limit.PARTITION_WRITE : Limit.PARTITION_READ;
      }
      if (ofTable != null && ofTable.isEmpty()) {
        return write ? Limit.TABLE_WRITE : Limit.TABLE_READ;
      }
      charge(ofTable, units);
      charge(ofPartition, units);
      return null;
    }
  }

  /** Takes further units that an admitted request has turned out to need. */
  synchronized void charge(String table, @Nullable JsonNode key, boolean write, double units) {
    charge(ofTable(table, write), units);
    charge(key == null ? null : ofPartition(table, key, write), units);
  }

  private static void charge(@Nullable Bucket bucket, double units) {
    if (bucket != null) {
      bucket.left -= units;
    }
  }

  private @Nullable Bucket ofTable(String table, boolean write) {
    double rate = write ? settings.tableWriteUnits() : settings.tableReadUnits();
    return rate > 0 ? bucket(table + (write ? " w" : " r"), rate) : null;
  }

  private @Nullable Bucket ofPartition(String table, JsonNode key, boolean write) {
    if (settings.partitions() == 0) {
      return null;
    }
    int mixed = key.toString().hashCode() * 0x9E3779B9;
    int partition = Math.floorMod(mixed ^ (mixed >>> 15), settings.partitions());
    return bucket(
        table + (write ? " w" : " r") + partition,
        write ? PARTITION_WRITE_UNITS : PARTITION_READ_UNITS);
  }

  private Bucket bucket(String name, double rate) {
    return buckets.computeIfAbsent(name, n -> new Bucket(rate, nanoTime));
  }

  /** Units that come back with time. Guarded by the capacity's lock. */
  private static final class Bucket {

    private final double rate;
    private final LongSupplier nanoTime;
    private double left;
    private long last;

    Bucket(double rate, LongSupplier nanoTime) {
      this.rate = rate;
      this.nanoTime = nanoTime;
      this.left = rate;
      this.last = nanoTime.getAsLong();
    }

    boolean isEmpty() {
      long now = nanoTime.getAsLong();
      left = Math.min(rate, left + rate * (now - last) / 1e9);
      last = now;
      return left <= 0;
    }
  }

  static double readUnits(JsonNode item, boolean strong) {
    double units = Math.max(1, Math.ceil(bytes(item) / 4096.0));
    return strong ? units : units / 2;
  }

  static double writeUnits(JsonNode item) {
    return Math.max(1, Math.ceil(bytes(item) / 1024.0));
  }

  /** Returns about the size by which the service charges an item, or a list of values. */
  static long bytes(JsonNode item) {
    long sum = 0;
    for (Iterator<String> names = item.fieldNames(); names.hasNext(); ) {
      sum += names.next().getBytes(StandardCharsets.UTF_8).length;
    }
    for (JsonNode value : item) {
      sum += ofValue(value);
    }
    return sum;
  }

  private static long ofValue(JsonNode value) {
    if (value.has("S")) {
      return value.get("S").asText().getBytes(StandardCharsets.UTF_8).length;
    }
    if (value.has("N")) {
      return value.get("N").asText().length() / 2 + 1L;
    }
    if (value.has("B")) {
      return value.get("B").asText().length() * 3L / 4;
    }
    JsonNode nested = value.has("M") ? value.get("M") : value.get("L");
    return nested == null ? 1 : 3 + nested.size() + bytes(nested);
  }
}
