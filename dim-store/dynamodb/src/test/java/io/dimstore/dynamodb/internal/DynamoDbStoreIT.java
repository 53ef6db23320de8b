// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.Json;
import io.dimstore.dynamodb.faults.Local;
import io.dimstore.dynamodb.internal.encoding.ItemSize;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.harness.RecordingMetrics;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Tests what the TCK cannot test: the stored items, and the cost of requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DynamoDbStoreIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private final Map<String, Long> counts = new ConcurrentHashMap<>();
  private final RecordingMetrics requests = new RecordingMetrics();
  private DimensionStore store;
  private DynamoDbAsyncClient client;

  @BeforeAll
  void open() {
    store =
        DimensionStores.open(
            "dynamodb",
            Local.options(stack),
            new StoreMetrics() {
              @Override
              public void request(Request request) {
                requests.request(request);
              }

              @Override
              public void count(String name, long delta) {
                counts.merge(name, delta, Long::sum);
              }
            },
            InstantSource.system());
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(URI.create(stack.dynamoDb().address()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build();
  }

  @AfterAll
  void close() {
    store.close();
    client.close();
  }

  @Test
  void unprocessedKeysAreReadAgain() {
    TableSpec spec = created();
    String large = "x".repeat(300_000);
    List<Change> puts =
        IntStream.range(0, 100)
            .mapToObj(i -> (Change) new Put(Key.of("k" + i), Row.of(i + large, i), 1))
            .toList();
    for (int i = 0; i < 100; i += 20) {
      await(store.table(spec).write(puts.subList(i, i + 20)));
    }
    requests.reset();
    counts.clear();
    List<Key> keys = puts.stream().map(Change::key).toList();
    List<Put> found = await(store.table(spec).get(keys, spec.all()));
    for (int i = 0; i < 100; i++) {
      assertThat(found.get(i).equals(puts.get(i))).as("row %d", i).isTrue();
    }
    assertThat(counts.get("unprocessed")).isGreaterThan(40);
    assertThat(requests.requests()).hasSizeGreaterThan(1);
    assertThat(requests.requests().stream().mapToLong(StoreMetrics.Request::bytes).sum())
        .as("payload of 100 rows of 300 KB")
        .isGreaterThan(30_000_000);
  }

  @Test
  void anItemOfAnotherToolIsARowOfVersion0() {
    TableSpec spec = created();
    DimensionTable table = store.table(spec);
    put(spec, Map.of("k", text("theirs"), "n", AttributeValue.fromN("5"), "other", text("y")));
    Put theirs = new Put(Key.of("theirs"), Row.of(null, 5), 0);
    assertThat(await(table.get(List.of(theirs.key()), spec.all()))).containsExactly(theirs);
    Put ours = new Put(theirs.key(), Row.of("x", 6), 0);
    await(table.write(List.of(ours)));
    assertThat(await(table.get(List.of(theirs.key()), spec.all()))).containsExactly(ours);
  }

  @Test
  void ourItemsAreWhatOtherToolsExpect() {
    TableSpec spec = created();
    await(store.table(spec).write(List.of(new Put(Key.of("ours"), Row.of("x", 6), 9))));
    Map<String, AttributeValue> item =
        client
            .getItem(get -> get.tableName(spec.name()).key(Map.of("k", text("ours"))))
            .join()
            .item();
    assertThat(Json.of(item))
        .isEqualTo(
            "{\"__dim_c\":{\"S\":\"u59-sXXN\"},\"__dim_v\":{\"N\":\"9\"},\"a\":{\"S\":\"x\"},\"k\":{\"S\":\"ours\"},"
                + "\"n\":{\"N\":\"6\"}}");
  }

  @Test
  void anUnreadableItemIsCorruptNamesItsKeyAndLeavesTheOthersReadable() {
    TableSpec spec = created();
    DimensionTable table = store.table(spec);
    put(spec, Map.of("k", text("broken"), "n", text("no number")));
    await(table.write(List.of(new Put(Key.of("good"), Row.of("x", 6), 9))));
    StoreException failure =
        failureOf(table.get(List.of(Key.of("good"), Key.of("broken")), spec.all()));
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure.keys()).containsExactly(Key.of("broken"));
    assertThat(await(table.get(List.of(Key.of("good")), spec.all()))).doesNotContainNull();
    assertThat(await(table.get(List.of(Key.of("broken")), spec.project("a"))))
        .as("without the corrupt column")
        .doesNotContainNull();
  }

  @Test
  void anItemTooLargeIsInvalidNamesItsKeyAndNothingIsSent() {
    TableSpec spec = created();
    Key large = Key.of("large");
    List<Change> batch =
        List.of(
            new Put(Key.of("small"), Row.of("x", 1), 1),
            new Put(large, Row.of("x".repeat(410_000), 1), 1));
    requests.reset();
    StoreException failure = failureOf(store.table(spec).write(batch));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure.keys()).containsExactly(large);
    assertThat(requests.requests()).isEmpty();
  }

  @Test
  void theServiceAcceptsTheLargestItemByTheFormula() {
    TableSpec spec = created();
    // k 1 + 1, a 1, n 1 + 2, __dim_v 7 + 2, __dim_c 7 + 8
    Put put = new Put(Key.of("k"), Row.of("x".repeat(ItemSize.MAX_BYTES - 30), 1), 1);
    await(store.table(spec).write(List.of(put)));
    assertThat(await(store.table(spec).get(List.of(put.key()), spec.all()))).containsExactly(put);
    Put more = new Put(Key.of("k"), Row.of("x".repeat(ItemSize.MAX_BYTES - 29), 1), 2);
    assertThat(failureOf(store.table(spec).write(List.of(more))).kind()).isEqualTo(Kind.INVALID);
  }

  @Test
  void theServiceAcceptsDoublesAtTheLimitsOfNumbers() {
    TableSpec spec =
        created(
            List.of(
                new Column("k", DataType.STRING),
                new Column("d", DataType.Simple.DOUBLE),
                new Column("m", new DataType.MapOf(DataType.STRING, DataType.Simple.DOUBLE))),
            List.of("k"));
    List<Change> puts = new ArrayList<>();
    for (double value :
        new double[] {
          1e125,
          9.999999999999999e125,
          1e126,
          -9.999999999999999e125,
          1e-130,
          Math.nextDown(1e-130),
          -1e-130,
          1.2345678901234567e-130,
          Double.MIN_VALUE,
          -Double.MAX_VALUE
        }) {
      puts.add(new Put(Key.of("k" + value), Row.of(value, Map.of("m", value)), 1));
    }
    await(store.table(spec).write(puts));
    for (Change put : puts) {
      await(store.table(spec).write(List.of(put)));
    }
    assertThat(await(store.table(spec).get(puts.stream().map(Change::key).toList(), spec.all())))
        .isEqualTo(puts);
  }

  @Test
  void requestsAndUnitsAreCounted() {
    TableSpec spec = created();
    DimensionTable table = store.table(spec);
    List<Change> puts = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      puts.add(new Put(Key.of("k" + i), Row.of("x".repeat(1_500), i), 5));
    }
    requests.reset();
    counts.clear();
    await(table.write(puts));
    assertThat(units(Operation.WRITE)).as("2 KB a row").isEqualTo(500);
    await(table.write(List.of(new Delete(Key.of("k0"), 4))));
    assertThat(counts).containsEntry("superseded", 1L);
    requests.reset();
    await(table.get(puts.stream().map(Change::key).toList(), spec.project("n")));
    assertThat(requests.requests()).hasSize(3).allMatch(r -> r.server().equals("dynamodb"));
    assertThat(units(Operation.GET)).as("strong reads of up to 4 KB").isEqualTo(250);
  }

  @Test
  void aBatchTakesOneRequestPerTwentyFiveRows() {
    TableSpec spec = created();
    DimensionTable table = store.table(spec);
    for (long version : new long[] {1, 2, 3}) {
      List<Change> puts = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        puts.add(new Put(Key.of("k" + i), Row.of("v" + version, i), version));
      }
      requests.reset();
      await(table.write(puts));
      assertThat(await(table.get(puts.stream().map(Change::key).toList(), spec.all())))
          .isEqualTo(puts);
      assertThat(requests.requests().stream().filter(r -> r.operation() == Operation.WRITE))
          .as("requests for version %d: with the second one the rows turn out to exist", version)
          .hasSize(version == 2 ? 8 : 4);
    }
  }

  @Test
  void aWriterWithOtherColumnsReplacesTheWholeItem() {
    TableSpec wide = created();
    TableSpec narrow =
        new TableSpec(
            wide.name(),
            wide.columns().stream().filter(column -> !column.name().equals("a")).toList(),
            wide.keyColumns());
    List<Change> rows = new ArrayList<>();
    List<Change> narrowRows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      rows.add(new Put(Key.of("k" + i), Row.of("old", i), 1));
      narrowRows.add(
          i % 2 == 0 ? new Put(Key.of("k" + i), Row.of(7), 2) : new Delete(Key.of("k" + i), 2));
    }
    await(store.table(wide).write(rows));
    await(store.table(wide).write(rows));
    await(store.table(narrow).write(narrowRows));
    List<Put> found =
        await(store.table(wide).get(rows.stream().map(Change::key).toList(), wide.all()));
    for (int i = 0; i < 30; i++) {
      assertThat(found.get(i))
          .isEqualTo(i % 2 == 0 ? new Put(Key.of("k" + i), Row.of(null, 7), 2) : null);
    }
  }

  @Test
  void supersededDeletedAndNewRowsOfABatchAreDistinguished() {
    TableSpec spec = created();
    DimensionTable table = store.table(spec);
    List<Change> first = new ArrayList<>();
    List<Change> second = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Key key = Key.of("k" + i);
      switch (i % 3) {
        case 0 -> first.add(new Put(key, Row.of("newer", i), 5));
        case 1 -> first.add(new Delete(key, 1));
        default -> {}
      }
      second.add(new Put(key, Row.of("second", i), 3));
    }
    await(table.write(first));
    counts.clear();
    await(table.write(second));
    assertThat(counts).containsEntry("superseded", 20L);
    List<Put> found = await(table.get(second.stream().map(Change::key).toList(), spec.all()));
    for (int i = 0; i < 60; i++) {
      assertThat(found.get(i)).isEqualTo(i % 3 == 0 ? first.get(i / 3 * 2) : second.get(i));
    }
  }

  @Test
  void createdTablesAreOnDemandAndHaveATimeToLive() {
    TableSpec spec = created();
    await(store.createIfAbsent(spec));
    await(store.validate(spec));
    TimeToLiveDescription ttl =
        client
            .describeTimeToLive(describe -> describe.tableName(spec.name()))
            .join()
            .timeToLiveDescription();
    assertThat(ttl.timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
    assertThat(ttl.attributeName()).isEqualTo("__dim_ttl");
    assertThat(
            client
                .describeTable(describe -> describe.tableName(spec.name()))
                .join()
                .table()
                .billingModeSummary()
                .billingMode())
        .isEqualTo(BillingMode.PAY_PER_REQUEST);
  }

  @Test
  void concurrentCreationsOfATableAllSucceed() {
    TableSpec spec = spec();
    List<CompletionStage<Void>> creations =
        IntStream.range(0, 8).mapToObj(i -> store.createIfAbsent(spec)).toList();
    creations.forEach(DynamoDbStoreIT::await);
    await(store.validate(spec));
  }

  @Test
  void aTableOfAnotherKeyIsInvalidAndTheDifferenceIsNamed() {
    TableSpec spec = created();
    TableSpec other = new TableSpec(spec.name(), spec.columns(), List.of("k", "n"));
    StoreException failure = failureOf(store.validate(other));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageContaining("(k S)").hasMessageContaining("(k S, n N)");
    assertThat(KeyLayout.of(other).attributes().get(1).type()).isEqualTo(ScalarAttributeType.N);
  }

  @Test
  void aPrefixIsPutBeforeTheNameOfTheTable() {
    TableSpec spec = spec();
    Map<String, String> options = new java.util.HashMap<>(Local.options(stack));
    options.put("table-prefix", "pre.");
    try (DimensionStore prefixed =
        DimensionStores.open("dynamodb", options, StoreMetrics.NONE, InstantSource.system())) {
      await(prefixed.createIfAbsent(spec));
    }
    assertThat(failureOf(store.validate(spec)).kind()).isEqualTo(Kind.NO_TABLE);
    await(store.validate(new TableSpec("pre." + spec.name(), spec.columns(), spec.keyColumns())));
  }

  private double units(Operation operation) {
    return requests.requests().stream()
        .filter(request -> request.operation() == operation)
        .mapToDouble(request -> request.readUnits() + request.writeUnits())
        .sum();
  }

  private TableSpec created() {
    TableSpec spec = spec();
    await(store.createIfAbsent(spec));
    return spec;
  }

  private TableSpec created(List<Column> columns, List<String> key) {
    TableSpec spec = new TableSpec("it-" + UUID.randomUUID(), columns, key);
    await(store.createIfAbsent(spec));
    return spec;
  }

  private static TableSpec spec() {
    return new TableSpec(
        "it-" + UUID.randomUUID(),
        List.of(
            new Column("k", DataType.STRING),
            new Column("a", DataType.STRING),
            new Column("n", DataType.Simple.INT)),
        List.of("k"));
  }

  private void put(TableSpec spec, Map<String, AttributeValue> item) {
    client.putItem(put -> put.tableName(spec.name()).item(item)).join();
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }

  private static StoreException failureOf(CompletionStage<?> stage) {
    try {
      throw new AssertionError("Expected a failure and got " + await(stage));
    } catch (CompletionException e) {
      return StoreException.find(e);
    }
  }
}
