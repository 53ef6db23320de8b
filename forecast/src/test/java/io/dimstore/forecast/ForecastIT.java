// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Request;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.DynamoDbEndpoint;
import io.dimstore.stack.LocalStackExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Compares forecasts for real tables and topics with the capacity that the server reports. */
class ForecastIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("dynamodb", "kafka");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir Path folder;

  private int run(String... args) {
    return ForecastMain.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  @Test
  void forecastOfATableEqualsTheUnitsThatTheServerReports() throws Exception {
    DynamoDbEndpoint endpoint = stack.dynamoDb();
    Map<String, String> options =
        Map.of(
            "endpoint",
            endpoint.address(),
            "region",
            endpoint.region(),
            "access-key",
            endpoint.accessKeyId(),
            "secret-key",
            endpoint.secretAccessKey(),
            "deadline",
            "60 s",
            "attempt-timeout",
            "20 s");
    List<Request> requests = new CopyOnWriteArrayList<>();
    Path sql = folder.resolve("table.sql");
    Files.writeString(
        sql,
        "CREATE TABLE forecast_it (k STRING, t STRING, PRIMARY KEY (k) NOT ENFORCED)"
            + " WITH (${forecast_it.options})");
    TableSpec spec = Dimensions.in(sql).get(0).table();
    List<Put> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(new Put(Key.of("k" + i), Row.of("x".repeat(i * 211)), 1));
    }
    double readUnits;
    double writeUnits;
    try (DimensionStore store =
        DimensionStores.open("dynamodb", options, requests::add, InstantSource.system())) {
      await(store.createIfAbsent(spec));
      requests.clear();
      // Each row is written on its own, so that the server reports the capacity of a put.
      for (Change row : rows) {
        await(store.table(spec).write(List.of(row)));
      }
      writeUnits = requests.stream().mapToDouble(Request::writeUnits).sum();
      assertThat(requests).noneMatch(Request::computed);
      requests.clear();
      assertThat(await(store.table(spec).get(rows.stream().map(Put::key).toList(), spec.all())))
          .isEqualTo(rows);
      readUnits = requests.stream().mapToDouble(Request::readUnits).sum();
    }
    Path file = folder.resolve("forecast.json");
    List<String> args =
        new ArrayList<>(
            List.of(
                "--store",
                "dynamodb",
                "--sql",
                sql.toString(),
                "--lookups-per-second",
                "60",
                "--writes-per-second",
                "60",
                "--json",
                file.toString()));
    options.forEach((name, value) -> args.addAll(List.of("--store-option", name + "=" + value)));
    assertThat(run(args.toArray(String[]::new))).as(err.toString()).isZero();
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("items").asLong()).isEqualTo(60);
    assertThat(json.path("readUnitsPerSecond").asDouble()).isCloseTo(readUnits, within(1e-9));
    assertThat(json.path("writeUnitsPerSecond").asDouble()).isCloseTo(writeUnits, within(1e-9));
    assertThat(json.path("whole").asBoolean()).isTrue();
    assertThat(out.toString()).contains("monthly cost").contains("2024-11");

    args.addAll(List.of("--limit", "20"));
    assertThat(run(args.toArray(String[]::new))).as(err.toString()).isZero();
    json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("whole").asBoolean()).isFalse();
    assertThat(json.path("items").asLong()).isBetween(1L, 20L);
  }

  @Test
  void forecastOfATopicHasItsWriteRateAndItsTable() throws Exception {
    String topic = "forecast-changes";
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.kafka().address()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = 0; i < 101; i++) {
        producer.send(
            new ProducerRecord<>(
                topic,
                null,
                1_000_000L + 5_000L * i,
                "u" + i % 10,
                "{\"op\":\"upsert\",\"user_id\":\"u"
                    + i % 10
                    + "\",\"country\":\"AT\",\"level\":3,\"version\":"
                    + (i + 1)
                    + "}"));
      }
    }
    Path file = folder.resolve("forecast.json");
    assertThat(
            run(
                "--changes-topic",
                topic,
                "--bootstrap",
                stack.kafka().address(),
                "--dimension",
                "user",
                "--eventual",
                "--lookups-per-second",
                "10",
                "--json",
                file.toString()))
        .as(err.toString())
        .isZero();
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.path("items").asLong()).isEqualTo(10);
    assertThat(json.path("writesPerSecond").asDouble()).as("101 in 500 s").isEqualTo(0.202);
    assertThat(json.path("readUnitsPerSecond").asDouble()).isEqualTo(5);
  }

  @Test
  void topicOrTableThatHoldsNothingUsableIsAFailure() throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", stack.kafka().address()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>("forecast-broken", "u", "no change")).get();
      for (int i = 0; i < 3; i++) {
        producer
            .send(
                new ProducerRecord<>(
                    "forecast-burst",
                    "u" + i,
                    "{\"op\":\"delete\",\"user_id\":\"u" + i + "\",\"version\":1}"))
            .get();
      }
    }
    String bootstrap = "--bootstrap=" + stack.kafka().address();
    assertThat(
            run(
                "--changes-topic=forecast-broken",
                bootstrap,
                "--dimension=user",
                "--writes-per-second=3"))
        .isEqualTo(1);
    assertThat(run("--changes-topic=forecast-absent", bootstrap, "--dimension=user")).isEqualTo(2);
    assertThat(run("--changes-topic=forecast-burst", bootstrap, "--dimension=user")).isEqualTo(2);
    assertThat(run("--changes-topic=forecast-broken", bootstrap, "--dimension=user"))
        .as("the rate is found missing before the topic is read")
        .isEqualTo(2);
    assertThat(
            run(
                "--changes-topic=forecast-burst",
                bootstrap,
                "--dimension=user",
                "--writes-per-second=3"))
        .isZero();
    assertThat(err.toString())
        .contains("error: topic forecast-broken has no usable change among its 1 records")
        .contains("error: --changes-topic 'forecast-absent': must be a topic that exists")
        .contains("error: --writes-per-second is missing: the changes of topic forecast-burst")
        .contains("error: --writes-per-second is missing: the changes of topic forecast-broken");
    String instance = "forecast-empty";
    try (DimensionStore store =
        DimensionStores.open(
            "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system())) {
      await(store.createIfAbsent(Dimensions.builtIn("user").table()));
    }
    assertThat(run("--store=memory", "--store-option=instance=" + instance, "--dimension=user"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("error: table dim_user of store memory has no rows");
  }

  @Test
  void wrongUsageAndUnreachableServersAreReportedInOneLine() {
    assertThat(run("--dimension", "user")).isEqualTo(2);
    assertThat(run("--store", "memory", "--dimension", "usr")).isEqualTo(2);
    assertThat(run("--changes-topic", "t", "--dimension", "user")).isEqualTo(2);
    assertThat(err.toString())
        .contains("either --store or --changes-topic, or --sql with a file that names the store")
        .contains("no dimension 'usr'")
        .contains("--changes-topic needs --bootstrap");
    assertThat(run("--store", "memory")).isEqualTo(2);
    assertThat(err.toString()).contains("say which table: --sql with a file that declares it");
    assertThat(run("--store", "memory", "--dimension", "user")).isEqualTo(1);
    assertThat(err.toString()).contains("error: NO_TABLE: ").doesNotContain("\tat ");
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains("bin/dimstore forecast --changes-topic")
        .contains("Exit code");
  }
}
