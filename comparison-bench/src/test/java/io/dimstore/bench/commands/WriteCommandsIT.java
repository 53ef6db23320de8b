// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.cli.ExitCodes;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.writer.WriterMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** Runs {@code write run}, {@code check} and {@code repair} on HBase, Redis and Kafka. */
class WriteCommandsIT {

  private static final int ROWS = 300;

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("hbase", "redis", "kafka");

  @TempDir Path folder;

  private final String table = "dim_" + UUID.randomUUID().toString().substring(0, 8);
  private final String topic = table + "-changes";

  private record Run(int exit, String out, String err) {}

  @Test
  void pendingWritesAreReportedAndReconciledAndDifferencesAreFoundAndHealed() throws Exception {
    send(1);
    Run first = run(redisPort());
    assertThat(first.err()).doesNotContain("error");
    assertThat(first.exit()).isZero();
    assertThat(first.out()).contains(table + ": no write is pending for the cache");
    readAll();

    send(2);
    Run owing = run(1, "--no-check");
    assertThat(owing.exit()).isZero();
    assertThat(owing.out())
        .containsPattern("hbase-redis: redis\\.pending \\d+")
        .containsPattern(
            table + ": \\d+ keys are pending for the cache, .*; 'write repair' repairs them");

    Run stale = maintain("check", "--json=" + folder.resolve("stale.json"));
    assertThat(stale.out())
        .contains(table + ": 300 stale, 0 healed", "keys are pending for the cache");
    assertThat(stale.exit()).isEqualTo(ExitCodes.NEGATIVE);
    JsonNode report = report("stale.json");
    assertAddsUp(report);
    assertThat(report.at("/differences/stale").asInt()).isEqualTo(ROWS);
    assertThat(report.at("/backlog/keys").asInt()).isGreaterThanOrEqualTo(ROWS);
    assertThat(report.at("/backlog/oldestMillis").asLong()).isPositive();
    assertThat(report.at("/gauges/breaker.state").asInt(-1)).isZero();

    Run repaired = maintain("repair");
    assertThat(repaired.out())
        .containsPattern(table + ": before, \\d+ keys are pending for the cache")
        .contains(table + ": after, no write is pending for the cache")
        .containsPattern("pending keys examined, 300 repaired");
    assertThat(repaired.exit()).isZero();
    assertInStep("repaired.json");

    try (Jedis redis = new Jedis(stack.redis().host(), stack.redis().port())) {
      byte[] entry = redis.get(name("u0"));
      for (int i = 0; i < 5; i++) {
        redis.set(name("gone" + i), entry);
      }
    }
    Run healed = maintain("check", "--repair", "--json=" + folder.resolve("healed.json"));
    assertThat(healed.out()).contains(table + ": 5 extra, 5 healed");
    assertThat(healed.exit()).as(healed.out()).isZero();
    assertAddsUp(report("healed.json"));
    readAll();
    assertInStep("end.json");
  }

  @Test
  void checkKeepsToItsRateAndReportsItsProgress() throws Exception {
    send(1);
    assertThat(run(redisPort()).exit()).isZero();
    readAll();
    long start = System.nanoTime();
    Run slow = maintain("check", "--rows-per-second=100", "--batch=50");
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    assertThat(slow.exit()).isZero();
    assertThat(seconds).as("300 rows and as many entries, 100 a second").isGreaterThanOrEqualTo(5);
    assertThat(slow.err()).containsPattern(table + ": part \\d+ of \\d+, \\d+ examined");
  }

  @Test
  void anAbsentRedisIsRefusedByName() throws Exception {
    send(1);
    List<Run> runs = new ArrayList<>(List.of(run(1)));
    for (String command : List.of("check", "repair")) {
      runs.add(write(arguments(command, 1).toArray(String[]::new)));
    }
    assertThat(runs)
        .allSatisfy(
            run -> {
              assertThat(run.err()).startsWith("error: ").contains("Redis").hasLineCount(1);
              assertThat(run.exit()).isEqualTo(ExitCodes.FAILED);
            });
  }

  @Test
  void missingTableIsNamedWithTheRemedy() {
    for (String command : List.of("check", "repair")) {
      Run run = maintain(command);
      assertThat(run.err()).contains("NO_TABLE", "HBase has no table " + table).hasLineCount(1);
      assertThat(run.exit()).isEqualTo(1);
    }
  }

  @Test
  void tablesDeclaredInSqlAreCheckedAndRepaired() throws Exception {
    Path sql = folder.resolve("job.sql");
    Files.writeString(
        sql,
        """
        CREATE TABLE devices (vendor STRING, serial BIGINT, note STRING,
          PRIMARY KEY (vendor, serial) NOT ENFORCED
        ) WITH ('connector' = 'dim', 'store' = 'hbase-redis', 'table' = '%s',
          'hbase-redis.zookeeper.quorum' = '%s', 'hbase-redis.redis.host' = '%s',
          'hbase-redis.redis.port' = '%s', 'hbase-redis.redis.format' = 'json',
          'hbase-redis.redis.key' = 'devices:{table}:{key}');
        """
            .formatted(table, stack.hbase().address(), stack.redis().host(), redisPort()));
    TableSpec devices =
        new TableSpec(
            table,
            List.of(
                new Column("vendor", DataType.STRING),
                new Column("serial", DataType.Simple.BIGINT),
                new Column("note", DataType.STRING)),
            List.of("vendor", "serial"),
            Map.of("redis.format", "json", "redis.key", "devices:{table}:{key}"));
    try (DimensionStore store = open()) {
      store.createIfAbsent(devices).toCompletableFuture().join();
      store
          .table(devices)
          .get(List.of(Key.of("acme", 1L)), devices.all())
          .toCompletableFuture()
          .join();
    }
    Run check = write("check", "--sql=" + sql);
    assertThat(check.err()).isEmpty();
    assertThat(check.out()).contains(table + ": 1 examined = 1 in step + 0 not copied");
    assertThat(check.exit()).isZero();
    assertThat(write("repair", "--sql=" + sql, "--purge").exit()).isZero();
  }

  private byte[] name(String id) {
    return ("dim:" + table + ":" + id).getBytes(StandardCharsets.UTF_8);
  }

  private void assertInStep(String json) throws Exception {
    Run run = maintain("check", "--json=" + folder.resolve(json));
    assertThat(run.exit()).as(run.out()).isZero();
    JsonNode report = report(json);
    assertAddsUp(report);
    assertThat(report.get("inStep").asInt()).as(run.out()).isEqualTo(ROWS);
    assertThat(report.at("/backlog/keys").asInt(-1)).isZero();
  }

  private static void assertAddsUp(JsonNode table) {
    int different = 0;
    for (JsonNode count : table.get("differences")) {
      different += count.asInt();
    }
    assertThat(
            table.get("inStep").asInt()
                + table.get("notCopied").asInt()
                + table.get("changedMeanwhile").asInt()
                + different)
        .isEqualTo(table.get("examined").asInt());
    assertThat(table.get("left").asInt()).isEqualTo(different - table.get("healed").asInt());
  }

  private JsonNode report(String file) throws Exception {
    return new ObjectMapper().readTree(folder.resolve(file).toFile()).at("/tables/0");
  }

  private Run run(int redisPort, String... more) {
    List<String> args = new ArrayList<>(arguments("run", redisPort));
    args.addAll(
        List.of(
            "--bootstrap=" + stack.kafka().bootstrapServers(),
            "--dimension-topic=user=" + topic,
            "--dead-letter-topic=" + table + "-letters",
            "--group=" + table,
            "--parallelism=1",
            "--bounded"));
    args.addAll(List.of(more));
    return write(args.toArray(String[]::new));
  }

  private Run maintain(String command, String... more) {
    List<String> args = new ArrayList<>(arguments(command, redisPort()));
    args.addAll(List.of(more));
    return write(args.toArray(String[]::new));
  }

  private List<String> arguments(String command, int redisPort) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "--store=hbase-redis",
                "--dimensions=user",
                "--dimension-table=user=" + table));
    options(redisPort).forEach((name, value) -> args.add("--store-option=" + name + "=" + value));
    return args;
  }

  private static Map<String, String> options(int redisPort) {
    return new HashMap<>(
        Map.of(
            "zookeeper.quorum", stack.hbase().address(),
            "redis.host", stack.redis().host(),
            "redis.port", Integer.toString(redisPort)));
  }

  private static int redisPort() {
    return stack.redis().port();
  }

  private static Run write(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        WriterMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Run(exit, out.toString(), err.toString());
  }

  private static DimensionStore open() {
    return DimensionStores.open(
        "hbase-redis", options(redisPort()), StoreMetrics.NONE, InstantSource.system());
  }

  /** Reads every row, so that the store copies it to Redis. */
  private void readAll() {
    TableSpec users =
        new TableSpec(
            table,
            List.of(
                new Column("user_id", DataType.STRING),
                new Column("country", DataType.STRING),
                new Column("level", DataType.Simple.INT)),
            List.of("user_id"));
    try (DimensionStore store = open()) {
      List<Key> keys = IntStream.range(0, ROWS).mapToObj(i -> Key.of("u" + i)).toList();
      assertThat(store.table(users).get(keys, users.all()).toCompletableFuture().join())
          .hasSize(ROWS)
          .doesNotContainNull();
    }
  }

  /** Sends a change of each row to Kafka. */
  private void send(int version) throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", stack.kafka().bootstrapServers());
    if (version == 1) {
      try (Admin admin = Admin.create(kafka)) {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
      }
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < ROWS; i++) {
        String value =
            "{\"op\":\"upsert\",\"user_id\":\"u%d\",\"country\":\"NL\",\"level\":%d,\"version\":%d}"
                .formatted(i, version, version);
        producer.send(new ProducerRecord<>(topic, "u" + i, value));
      }
    }
  }
}
