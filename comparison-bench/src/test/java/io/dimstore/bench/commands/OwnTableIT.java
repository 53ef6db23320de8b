// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.cli.ExitCodes;
import io.dimstore.flink.DimMetrics;
import io.dimstore.forecast.ForecastMain;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.writer.WriterMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import redis.clients.jedis.Jedis;

/**
 * Takes the table and the record of docs/dim-writer.md, "A table of your own", through every
 * command and a lookup join, on real servers.
 */
class OwnTableIT {

  @RegisterExtension
  static final LocalStackExtension stack =
      LocalStackExtension.with("hbase", "redis", "kafka", "dynamodb");

  @TempDir Path folder;

  private final String table = "m_" + UUID.randomUUID().toString().substring(0, 8);
  private final String topic = table + "-changes";
  private String declared;
  private Path sql;

  private record Run(int exit, String out, String err) {}

  @BeforeEach
  void sendChanges() throws Exception {
    declared = documented("sql");
    sql = Files.writeString(folder.resolve("merchant.sql"), declared);
    String change = documented("json");
    Map<String, Object> kafka = Map.of("bootstrap.servers", stack.kafka().bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, "m-17", change));
      String other = change.replace("m-17", "m-18");
      producer.send(new ProducerRecord<>(topic, "m-18", other.replace("\"2024-02-29\"", "null")));
      producer.send(new ProducerRecord<>(topic, "m-19", change.replace("m-17", "m-19")));
      producer.send(
          new ProducerRecord<>(
              topic, "m-19", "{\"op\":\"delete\",\"merchant_id\":\"m-19\",\"version\":2}"));
      producer.send(new ProducerRecord<>(topic, "m-18", other.replace("2024-02-29", "2023-02-29")));
      producer.send(new ProducerRecord<>(topic, "m-18", other.replace("1.5", "1.555")));
    }
  }

  @Test
  void tableOnHBaseAndRedisIsWrittenLookedUpCheckedRepairedAndForecast() throws Exception {
    Map<String, String> options =
        Map.of(
            "zookeeper.quorum", stack.hbase().address(),
            "redis.host", stack.redis().host(),
            "redis.port", Integer.toString(stack.redis().port()));
    assertWritten("hbase-redis", options);
    assertLookedUp("hbase-redis", options);

    Run check = write("check", "hbase-redis", options);
    assertThat(check.out()).contains(table + ": 4 examined", "0 different");
    assertThat(check.exit()).as(check.out() + check.err()).isZero();
    try (Jedis redis = new Jedis(stack.redis().host(), stack.redis().port())) {
      redis.set(cached("gone"), redis.get(cached("m-17")));
    }
    assertThat(write("check", "hbase-redis", options).exit()).isEqualTo(ExitCodes.NEGATIVE);
    // The file of a job, which names the store itself, is the same table.
    Path job =
        Files.writeString(
            folder.resolve("job.sql"),
            withOptions("hbase-redis", options, "'lookup.batch-size' = '7'"));
    Run healed = run(WriterMain.commandLine(), List.of("check", "--repair", "--sql=" + job));
    assertThat(healed.out()).contains(table + ": 1 extra, 1 healed");
    assertThat(healed.exit()).as(healed.err()).isZero();
    Run repair = write("repair", "hbase-redis", options);
    assertThat(repair.out()).contains(table + ": after, no write is pending for the cache");
    assertThat(repair.exit()).isZero();

    assertForecast("hbase-redis", options);
  }

  @Test
  void tableOnDynamoDbIsWrittenLookedUpAndForecast() throws Exception {
    DynamoDbEndpoint server = stack.dynamoDb();
    Map<String, String> options =
        Map.of(
            "endpoint", server.address(),
            "region", server.region(),
            "access-key", server.accessKeyId(),
            "secret-key", server.secretAccessKey());
    assertWritten("dynamodb", options);
    assertLookedUp("dynamodb", options);
    for (String command : List.of("check", "repair")) {
      Run run = write(command, "dynamodb", options);
      assertThat(run.err()).contains("--store 'dynamodb': it keeps one copy of each row");
      assertThat(run.exit()).isEqualTo(ExitCodes.USAGE);
    }
    assertForecast("dynamodb", options);
  }

  private void assertWritten(String store, Map<String, String> options) {
    Run run =
        write(
            "run",
            store,
            options,
            "--bootstrap=" + stack.kafka().bootstrapServers(),
            "--dimension-topic=merchant=" + topic,
            "--dead-letter-topic=" + table + "-letters",
            "--group=" + table,
            "--parallelism=1",
            "--any-version",
            "--bounded");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("merchant +6 +3 +1 +2")
        .contains("dead letters of merchant: 1 wrong-type", "1 out-of-range");
  }

  private void assertLookedUp(String store, Map<String, String> options) throws Exception {
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(1);
    StreamTableEnvironment env = StreamTableEnvironment.create(streams);
    // A repair would scan the write intents while requests are counted.
    String own = store.equals("dynamodb") ? "" : ", 'hbase-redis.repair-interval' = '1 h'";
    env.executeSql(withOptions(store, options, "'lookup.linger' = '1 ms'" + own));
    env.executeSql(
        "CREATE TABLE payments (nr BIGINT, merchant_id AS 'm-' || CAST(nr AS STRING), pt AS"
            + " PROCTIME()) WITH ('connector' = 'datagen', 'fields.nr.kind' = 'sequence',"
            + " 'fields.nr.start' = '17', 'fields.nr.end' = '20')");
    Map<String, Row> found = new TreeMap<>();
    try (CloseableIterator<Row> rows =
        env.executeSql(
                "SELECT p.merchant_id, m.name, m.since, m.fee, m.tags FROM payments AS p LEFT JOIN"
                    + " dim_merchant FOR SYSTEM_TIME AS OF p.pt AS m"
                    + " ON p.merchant_id = m.merchant_id")
            .collect()) {
      rows.forEachRemaining(row -> found.put((String) row.getField(0), row));
    }
    String[] tags = {"food", null};
    BigDecimal fee = new BigDecimal("1.50");
    assertThat(found.values())
        .containsExactly(
            Row.of("m-17", "Kiosk", LocalDate.of(2024, 2, 29), fee, tags),
            Row.of("m-18", "Kiosk", null, fee, tags),
            Row.of("m-19", null, null, null, null),
            Row.of("m-20", null, null, null, null));
    assertSelectedByKey(env, store);
  }

  /** Selects rows by their keys. The table is asked for these keys, and nothing is scanned. */
  private static void assertSelectedByKey(StreamTableEnvironment env, String store)
      throws Exception {
    DimMetrics.Snapshot before = DimMetrics.snapshot();
    assertThat(selected(env, "merchant_id = 'm-17'")).containsExactly("m-17");
    assertThat(selected(env, "merchant_id IN ('m-17', 'm-18', 'm-19', 'm-20')"))
        .containsExactly("m-17", "m-18");
    DimMetrics.Snapshot counted = DimMetrics.snapshot().since(before);
    String requests = "store." + store + ".";
    assertThat(counted.sum(requests, ".scan.requests")).as(counted.toString()).isZero();
    assertThat(counted.sum(requests, ".get.requests")).as(counted.toString()).isPositive();
  }

  private static List<String> selected(StreamTableEnvironment env, String condition)
      throws Exception {
    List<String> found = new ArrayList<>();
    try (CloseableIterator<Row> rows =
        env.executeSql("SELECT merchant_id FROM dim_merchant WHERE " + condition).collect()) {
      rows.forEachRemaining(row -> found.add((String) row.getField(0)));
    }
    return found.stream().sorted().toList();
  }

  private void assertForecast(String store, Map<String, String> options) throws Exception {
    JsonNode ofTopic =
        forecast(
            List.of(
                "--changes-topic=" + topic,
                "--bootstrap=" + stack.kafka().bootstrapServers(),
                "--writes-per-second=10"));
    assertThat(ofTopic.path("items").asLong()).isEqualTo(2);
    assertThat(ofTopic.path("tombstones").asLong()).isEqualTo(1);
    assertThat(ofTopic.path("refused").asLong()).isEqualTo(2);
    List<String> args = new ArrayList<>(List.of("--store=" + store, "--table=" + table));
    options.forEach((name, value) -> args.add("--store-option=" + name + "=" + value));
    JsonNode ofTable = forecast(args);
    for (String figure : List.of("items", "tombstones", "itemBytes", "readUnitsPerLookup")) {
      assertThat(ofTable.path(figure)).as(figure).isEqualTo(ofTopic.path(figure));
    }
  }

  private JsonNode forecast(List<String> source) throws Exception {
    Path json = folder.resolve("forecast.json");
    List<String> args = new ArrayList<>(List.of("--sql=" + sql, "--json=" + json));
    args.addAll(source);
    Run run = run(ForecastMain.commandLine(), args);
    assertThat(run.exit()).as(run.err()).isZero();
    return new ObjectMapper().readTree(json.toFile());
  }

  private Run write(String command, String store, Map<String, String> options, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                command,
                "--sql=" + sql,
                "--store=" + store,
                "--dimension-table=merchant=" + table));
    options.forEach((name, value) -> args.add("--store-option=" + name + "=" + value));
    args.addAll(List.of(more));
    return run(WriterMain.commandLine(), args);
  }

  private static Run run(CommandLine command, List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        command
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args.toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  /** Returns the documented statement with the store in its WITH clause. */
  private String withOptions(String store, Map<String, String> options, String more) {
    String own =
        options.entrySet().stream()
            .map(o -> "'%s.%s' = '%s'".formatted(store, o.getKey(), o.getValue()))
            .collect(Collectors.joining(", "));
    return declared
        .replace(
            "${dim_merchant.options}",
            "'connector' = 'dim', 'store' = '%s', 'table' = '%s', %s, %s"
                .formatted(store, table, own, more))
        .replace(";", "");
  }

  private byte[] cached(String id) {
    return ("dim:" + table + ":" + id).getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the first text of this language in the section of the docs. */
  private static String documented(String language) throws Exception {
    String page =
        Files.readString(Path.of(System.getProperty("dimstore.home"), "docs", "dim-writer.md"));
    String section = page.substring(page.indexOf("## A table of your own"));
    String fence = "```" + language + "\n";
    int start = section.indexOf(fence) + fence.length();
    return section.substring(start, section.indexOf("\n```", start));
  }
}
