// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.LocalStackExtension;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Checks the metrics of HBase and Redis in Flink's reporters while a job looks up rows and writes
 * some.
 */
class FlinkMetricsIT {

  private static final InMemoryReporter REPORTER = InMemoryReporter.create();

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis");

  @RegisterExtension
  static final MiniClusterExtension cluster =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setConfiguration(reporting())
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private static Configuration reporting() {
    Configuration configuration = new Configuration();
    REPORTER.addToConfiguration(configuration);
    return configuration;
  }

  @Test
  void aJobShowsTheBacklogTheBreakerTheRepairAndTheHitsOfBothTiers() throws Exception {
    String table = "seen_" + UUID.randomUUID().toString().substring(0, 8);
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(1);
    StreamTableEnvironment env = StreamTableEnvironment.create(streams);
    declare(env, "users", table, stack.redis().port());
    declare(env, "users_without_redis", table, 1);
    env.executeSql("INSERT INTO users VALUES ('u1', 'NL'), ('u2', 'BE')").await();
    env.executeSql(
        "CREATE TABLE keys (id AS 'u' || CAST(n AS STRING), n BIGINT, pt AS PROCTIME())"
            + " WITH ('connector' = 'datagen', 'rows-per-second' = '20', 'fields.n.kind' = 'random',"
            + " 'fields.n.min' = '1', 'fields.n.max' = '3')");
    env.executeSql(
        "CREATE TABLE seen (id STRING, country STRING) WITH ('connector' = 'blackhole')");
    TableResult lookups =
        env.executeSql(
            "INSERT INTO seen SELECT keys.id, d.country FROM keys LEFT JOIN users"
                + " FOR SYSTEM_TIME AS OF keys.pt AS d ON keys.id = d.id");
    try {
      await("hits of Redis", "events.redis.hit", 1);
      await("keys without a row, from Redis", "events.redis.negative", 1);
      await("rows of HBase", "events.hbase.hit", 2);
      await("keys without a row, from HBase", "events.hbase.negative", 1);
      Map<String, Long> seen = seen();
      assertThat(seen)
          .containsEntry("gauges.breaker.state", 0L)
          .containsEntry("events.breaker.open", 0L)
          .containsKeys("events.repair.healed", "events.redis.pending", "events.fill.invalidated");
      awaitKey("table." + table + ".gauges.backlog.keys");
      awaitKey("table." + table + ".gauges.backlog.oldest.ms");

      // A writer that cannot reach Redis leaves keys pending. The repair of this process then
      // updates Redis.
      long healed = seen().get("events.repair.healed");
      env.executeSql("INSERT INTO users_without_redis VALUES ('u1', 'DE'), ('u2', 'DE')").await();
      await("the pending write is repaired", "events.repair.healed", healed + 1);
    } finally {
      lookups.getJobClient().orElseThrow().cancel().get();
    }
  }

  private static void declare(
      StreamTableEnvironment env, String name, String table, int redisPort) {
    env.executeSql(
        ("CREATE TABLE %s (id STRING, country STRING, PRIMARY KEY (id) NOT ENFORCED)"
                + " WITH ('connector' = 'dim', 'store' = 'hbase-redis', 'table' = '%s',"
                + " 'version' = 'arrival', 'version.max-clock-skew' = '0 s',"
                + " 'hbase-redis.zookeeper.quorum' = '%s',"
                + " 'hbase-redis.redis.host' = '%s', 'hbase-redis.redis.port' = '%d',"
                + " 'hbase-redis.repair-interval' = '200 ms')")
            .formatted(name, table, stack.hbase().address(), stack.redis().host(), redisPort));
  }

  /**
   * Returns the store's metrics by their names after {@code dim.store.hbase-redis.}, with the
   * largest value of each.
   */
  private static Map<String, Long> seen() {
    Map<String, Long> seen = new TreeMap<>();
    String group = ".dim.store.hbase-redis.";
    for (var group1 : REPORTER.getMetricsByGroup().entrySet()) {
      for (Map.Entry<String, Metric> metric : group1.getValue().entrySet()) {
        String name = group1.getKey().getMetricIdentifier(metric.getKey());
        int at = name.indexOf(group);
        if (at >= 0
            && metric.getValue() instanceof Gauge<?> gauge
            && gauge.getValue() instanceof Number number) {
          seen.merge(name.substring(at + group.length()), number.longValue(), Math::max);
        }
      }
    }
    return seen;
  }

  private static void await(String what, String name, long least) {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (seen().getOrDefault(name, -1L) < least) {
      if (System.nanoTime() > end) {
        throw new AssertionError(what + ": " + name + " of at least " + least + " in " + seen());
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static void awaitKey(String name) {
    await("a gauge", name, 0);
  }
}
