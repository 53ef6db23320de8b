// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.memory.MemoryStores;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.writer.StoredRows.Versioned;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the job from the parser to the memory store. WriterMainIT tests it with Kafka. */
class DimWriterJobTest {

  private static final TypeInformation<Row> RECORD =
      Types.ROW_NAMED(
          new String[] {
            "source_key",
            "payload",
            "source_topic",
            "source_partition",
            "source_offset",
            "source_time",
            "source_time_type"
          },
          Types.PRIMITIVE_ARRAY(Types.BYTE),
          Types.PRIMITIVE_ARRAY(Types.BYTE),
          Types.STRING,
          Types.INT,
          Types.LONG,
          Types.INSTANT,
          Types.STRING);

  /**
   * The dead-letter table in the memory store, where a record that is written twice appears once.
   */
  private static final String DEAD_LETTERS =
      """
      CREATE TEMPORARY TABLE dead_letter_topic (
        reason STRING, detail STRING, payload STRING, payload_encoding STRING, payload_bytes INT,
        source_topic STRING, source_partition INT, source_offset BIGINT,
        source_time TIMESTAMP_LTZ(3), source_key STRING,
        PRIMARY KEY (payload) NOT ENFORCED
      ) WITH (
        'connector' = 'dim', 'store' = 'memory', 'memory.instance' = '%s', 'table' = 'letters',
        'version' = 'arrival', 'version.max-clock-skew' = '0 s'
      )""";

  private final String instance = UUID.randomUUID().toString();
  private final List<Row> records = new ArrayList<>();

  @AfterEach
  void forget() {
    MemoryStores.clear(instance);
  }

  @Test
  void theNewestVersionWinsWhateverTheOrderOfArrival() throws Exception {
    upsert("a", "new", 1, 20);
    upsert("a", "old", 2, 10);
    upsert("b", "DE", 3, 10);
    delete("b", 20);
    upsert("b", "late", 3, 15);
    delete("c", 20);
    upsert("c", "back", 4, 21);
    upsert("d", "first", 5, 7);
    upsert("d", "second", null, 7);
    WriterResult result = run(options().build(), RateLimiterStrategy.noOp());
    assertThat(users())
        .containsOnly(
            Map.entry("a", Versioned.of(20, "new", 1)),
            Map.entry("c", Versioned.of(21, "back", 4)),
            Map.entry("d", Versioned.of(7, "second", null)));
    assertThat(result.dimensions().get("user")).isEqualTo(new ChangeCounts(9, 7, 2, Map.of()));
  }

  @Test
  void aNullReplacesAnOlderValue() throws Exception {
    upsert("a", "DE", 3, 1);
    upsert("a", null, null, 2);
    run(options().build(), RateLimiterStrategy.noOp());
    assertThat(users()).containsOnly(Map.entry("a", Versioned.of(2, null, null)));
  }

  @Test
  void badRecordsBecomeDeadLettersAndOtherRecordsAreWritten() throws Exception {
    Map<String, Versioned> expected = randomRecords(2_000, true);
    WriterResult result =
        run(options().job(settings -> settings.parallelism(2)).build(), RateLimiterStrategy.noOp());
    assertThat(users()).isEqualTo(expected);
    ChangeCounts counts = result.dimensions().get("user");
    assertThat(counts.read()).isEqualTo(2_000);
    assertThat(counts.deadLetters()).containsOnly(Map.entry("not-json", 200L));
    assertThat(counts.upserts() + counts.deletes()).isEqualTo(1_800);
    assertThat(letters()).hasSize(200).allMatch(payload -> payload.startsWith("broken "));
  }

  @Test
  void aRestartInTheMiddleGivesTheSameTableAndTheSameCounts() throws Exception {
    Map<String, Versioned> expected = randomRecords(400, true);
    FailOnce.failures.put(instance, 0);
    WriterResult result =
        run(
            options()
                .job(settings -> settings.bounded(true).checkpointInterval(Duration.ofMillis(50)))
                .build(),
            RateLimiterStrategy.perCheckpoint(50));
    assertThat(FailOnce.failures.get(instance)).isEqualTo(1);
    assertThat(users()).isEqualTo(expected);
    assertThat(letters()).hasSize(40);
    ChangeCounts counts = result.dimensions().get("user");
    assertThat(counts.read()).isEqualTo(400);
    assertThat(counts.deadLetters()).containsOnly(Map.entry("not-json", 40L));
    assertThat(counts.upserts() + counts.deletes()).isEqualTo(360);
  }

  @Test
  void aChangeFromTheFutureDoesNotFreezeItsRow() throws Exception {
    long now = System.currentTimeMillis();
    long future = Instant.parse("2099-01-01T00:00:00Z").toEpochMilli();
    upsert("a", "DE", 1, now - 2);
    recordAt(
        Instant.ofEpochMilli(future), // the record's timestamp is the producer's as well
        "a",
        "{\"op\":\"upsert\",\"user_id\":\"a\",\"country\":\"XX\",\"level\":9,\"version\":"
            + future
            + "}");
    recordAt(
        Instant.ofEpochMilli(now),
        "a",
        "{\"op\":\"upsert\",\"user_id\":\"a\",\"country\":\"FR\",\"level\":2,\"version\":"
            + (now - 1)
            + "}");
    records.get(0).setField(5, Instant.ofEpochMilli(now));
    WriterResult result = run(options().build(), RateLimiterStrategy.noOp());
    assertThat(users()).containsOnly(Map.entry("a", Versioned.of(now - 1, "FR", 2)));
    assertThat(result.dimensions().get("user"))
        .isEqualTo(new ChangeCounts(3, 2, 0, Map.of("too-new", 1L)));
    assertThat(letters()).singleElement().asString().contains("\"XX\"");
  }

  @Test
  void versionsThatAreNotTimesAreNotComparedWithAClock() throws Exception {
    upsert("a", "DE", 1, Long.MAX_VALUE - 1);
    run(options().maxAhead(null).build(), RateLimiterStrategy.noOp());
    assertThat(users()).containsOnly(Map.entry("a", Versioned.of(Long.MAX_VALUE - 1, "DE", 1)));
  }

  @Test
  void runningAgainChangesNothing() throws Exception {
    Map<String, Versioned> expected = randomRecords(300, false);
    run(options().build(), RateLimiterStrategy.noOp());
    run(options().build(), RateLimiterStrategy.noOp());
    assertThat(users()).isEqualTo(expected);
  }

  @Test
  void aTableRefusedByTheStoreFailsTheRunWithTheStoresMessage() {
    upsert("a", "DE", 1, 1);
    Map<String, String> mayNotCreate = Map.of("create-table", "false");
    WriterOptions options =
        options()
            .job(settings -> settings.checkpointInterval(Duration.ZERO))
            .routes(
                List.of(
                    new WriterOptions.Route(
                        Dimensions.builtIn("user"), "users", "nowhere", mayNotCreate)))
            .build();
    assertThatThrownBy(() -> run(options, RateLimiterStrategy.noOp()))
        .isInstanceOf(WriterException.class)
        .hasMessageStartingWith("The job failed: ")
        .hasMessageContaining("nowhere")
        .hasMessageNotContainingAny("\n");
  }

  @Test
  void aTableOfOnesOwnKeepsEveryTypeThroughTheJob(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("device.sql");
    Files.writeString(
        sql,
        """
        CREATE TABLE dim_device (
          serial BIGINT, c CHAR(2) NOT NULL, v VARCHAR(5), b BOOLEAN, ti TINYINT, f FLOAT,
          d DOUBLE, n DECIMAL(20, 4), x VARBINARY(4), da DATE, t TIME, ts TIMESTAMP(9),
          tl TIMESTAMP_LTZ(3), a ARRAY<ROW<city STRING NOT NULL, zip INT>>, m MAP<STRING, DATE>,
          u MULTISET<STRING>, vendor STRING, PRIMARY KEY (vendor, serial) NOT ENFORCED
        ) WITH (${dim_device.options})""");
    WriterOptions.Route route = WriterOptions.Route.of(Dimensions.in(sql).get(0));
    record(
        "{\"vendor\":\"acme\",\"serial\":17}",
        "{\"op\":\"upsert\",\"serial\":17,\"c\":\"DE\","
            + "\"v\":null,\"b\":true,\"ti\":-1,\"f\":0.1,\"d\":\"NaN\",\"n\":1.5,\"x\":\"AQI=\","
            + "\"da\":\"2024-02-29\",\"t\":\"01:00:00\",\"ts\":\"2024-02-29T01:00:00.000000001\","
            + "\"tl\":\"2024-02-29T01:00:00Z\",\"a\":[null,{\"city\":\"X\",\"zip\":null}],"
            + "\"m\":{\"k\":\"0001-01-01\"},\"u\":{\"e\":2},\"vendor\":\"acme\",\"version\":2}");
    record(
        "{\"vendor\":\"acme\",\"serial\":18}",
        "{\"op\":\"delete\",\"vendor\":\"acme\",\"serial\":18,\"version\":1}");
    record(
        "{\"vendor\":\"acme\",\"serial\":19}",
        "{\"op\":\"delete\",\"vendor\":\"acme\",\"serial\":19,\"da\":\"29.2.24\",\"version\":1}");
    record(
        "{\"vendor\":\"acme\",\"serial\":20}",
        "{\"op\":\"delete\",\"vendor\":\"acme\",\"serial\":20,\"n\":100E2147483647,\"version\":1}");
    WriterResult result =
        run(options().routes(List.of(route)).maxAhead(null).build(), RateLimiterStrategy.noOp());
    assertThat(result.dimensions().get("device"))
        .isEqualTo(new ChangeCounts(4, 1, 1, Map.of("wrong-type", 1L, "out-of-range", 1L)));
    StoreTable table = route.in("memory", Map.of("instance", instance));
    try (DimensionStore store = table.open()) {
      List<Key> keys = List.of(Key.of("acme", 17L), Key.of("acme", 18L));
      Put device =
          new Put(
              keys.get(0),
              io.dimstore.spi.Row.of(
                  "DE",
                  null,
                  true,
                  (byte) -1,
                  0.1f,
                  Double.NaN,
                  new BigDecimal("1.5000"),
                  new byte[] {1, 2},
                  LocalDate.of(2024, 2, 29),
                  LocalTime.of(1, 0),
                  LocalDateTime.of(2024, 2, 29, 1, 0, 0, 1),
                  Instant.parse("2024-02-29T01:00:00Z"),
                  Arrays.asList(null, io.dimstore.spi.Row.of("X", null)),
                  Map.of("k", LocalDate.of(1, 1, 1)),
                  Map.of("e", 2)),
              2);
      assertThat(StoreCalls.await(store.table(table.spec()).get(keys, table.spec().all())))
          .containsExactly(device, null);
    }
  }

  private WriterOptions.Builder options() {
    return WriterOptions.builder("none:1", "memory")
        .routes(List.of(WriterOptions.Route.of(Dimensions.builtIn("user"))))
        .job(
            settings ->
                settings.storeOptions(Map.of("instance", instance)).bounded(true).parallelism(1));
  }

  private WriterResult run(WriterOptions options, RateLimiterStrategy rate) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    StreamTableEnvironment tables = DimWriterJob.prepare(env, options);
    tables.createTemporaryView(
        options.routes().get(0).dimension().name() + "_records",
        env.fromSource(
                new DataGeneratorSource<>(new At(records), records.size(), rate, RECORD),
                WatermarkStrategy.noWatermarks(),
                "records")
            .map(new FailOnce(instance))
            .returns(RECORD));
    WriterSql kafka = WriterSql.of(options);
    DimWriterJob job =
        DimWriterJob.plan(
            env,
            tables,
            new WriterSql(
                List.of(),
                kafka.sinks(),
                List.of(DEAD_LETTERS.formatted(instance), kafka.deadLetters().get(1))),
            options);
    return job.await(job.execute());
  }

  private Map<String, Versioned> users() throws Exception {
    return StoredRows.of("memory", Map.of("instance", instance), Dimensions.builtIn("user"));
  }

  private List<String> letters() throws Exception {
    Dimension letters =
        new Dimension(
            "letters",
            RowType.of(new LogicalType[] {VarCharType.STRING_TYPE}, new String[] {"payload"}),
            List.of("payload"),
            Map.of());
    return List.copyOf(
        StoredRows.of(
                "memory",
                Map.of("instance", instance),
                new WriterOptions.Route(letters, "none", "letters", Map.of()))
            .keySet());
  }

  private void upsert(String user, String country, Integer level, long version) {
    record(
        user,
        "{\"op\":\"upsert\",\"user_id\":\"%s\",\"country\":%s,\"level\":%s,\"version\":%d}"
            .formatted(user, country == null ? null : '"' + country + '"', level, version));
  }

  private void delete(String user, long version) {
    record(user, "{\"op\":\"delete\",\"user_id\":\"%s\",\"version\":%d}".formatted(user, version));
  }

  private void record(String key, String payload) {
    recordAt(Instant.ofEpochMilli(records.size()), key, payload);
  }

  private void recordAt(Instant time, String key, String payload) {
    records.add(
        Row.of(
            key.getBytes(StandardCharsets.UTF_8),
            payload.getBytes(StandardCharsets.UTF_8),
            "dim-user-changes",
            0,
            (long) records.size(),
            time,
            "CreateTime"));
  }

  /**
   * Adds changes of 50 users in random order of versions, a tenth of them invalid, and returns the
   * expected rows.
   */
  private Map<String, Versioned> randomRecords(int count, boolean broken) {
    Random random = new Random(7);
    List<Integer> versions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      versions.add(i);
    }
    java.util.Collections.shuffle(versions, random);
    Map<String, Long> newest = new HashMap<>();
    Map<String, Versioned> rows = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String user = "user-" + random.nextInt(50);
      long version = versions.get(i);
      if (broken && i % 10 == 3) {
        record(user, "broken " + i);
        continue;
      }
      boolean deleted = random.nextInt(4) == 0;
      if (deleted) {
        delete(user, version);
      } else {
        upsert(user, "c" + i, i, version);
      }
      if (version > newest.getOrDefault(user, -1L)) {
        newest.put(user, version);
        if (deleted) {
          rows.remove(user);
        } else {
          rows.put(user, Versioned.of(version, "c" + i, i));
        }
      }
    }
    return rows;
  }

  /** A source of the rows of a list, by their index. */
  private record At(ArrayList<Row> rows) implements GeneratorFunction<Long, Row> {

    At(List<Row> rows) {
      this(new ArrayList<>(rows));
    }

    @Override
    public Row map(Long index) {
      return rows.get(index.intValue());
    }
  }
}
