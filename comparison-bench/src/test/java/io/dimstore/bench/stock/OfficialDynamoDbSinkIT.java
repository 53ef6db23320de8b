// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.stock;

import static io.dimstore.bench.stock.OfficialSinkTypes.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.runtime.typeutils.ExternalTypeInfo;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
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

/**
 * Writes one table with Flink's connector {@code dynamodb} and with the connector of this project.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfficialDynamoDbSinkIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private static final TableSpec USERS =
      new TableSpec(
          "users",
          List.of(
              new Column("id", DataType.STRING),
              new Column("seq", DataType.Simple.INT),
              new Column("name", DataType.STRING),
              new Column("level", DataType.Simple.INT)),
          List.of("id", "seq"));
  private static final List<DataTypes.Field> USER_FIELDS =
      List.of(
          DataTypes.FIELD("id", DataTypes.STRING().notNull()),
          DataTypes.FIELD("seq", DataTypes.INT().notNull()),
          DataTypes.FIELD("name", DataTypes.STRING()),
          DataTypes.FIELD("level", DataTypes.INT()));

  private DimensionStore store;
  private DynamoDbAsyncClient client;

  @BeforeAll
  void open() {
    store =
        DimensionStores.open(
            "dynamodb",
            Map.of(
                "endpoint", stack.dynamoDb().address(),
                "access-key", stack.dynamoDb().accessKeyId(),
                "secret-key", stack.dynamoDb().secretAccessKey()),
            StoreMetrics.NONE,
            InstantSource.system());
    client =
        DynamoDbAsyncClient.builder()
            .endpointOverride(stack.dynamoDb().uri())
            .region(Region.of(stack.dynamoDb().region()))
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
  void everyTypeThatItWritesIsReadEqualAndWrittenAlike() throws Exception {
    List<DataTypes.Field> fields = OfficialSinkTypes.fields();
    List<org.apache.flink.types.Row> rows = OfficialSinkTypes.rows();
    String theirs = created(List.of(new Column("id", DataType.STRING)), List.of("id"));
    String ours = created(List.of(new Column("id", DataType.STRING)), List.of("id"));

    insert(official(theirs, fields), fields, rows, RowKind.INSERT);
    insert(dim(ours, fields, "id"), fields, rows, RowKind.INSERT);

    assertThat(byKey(scan(dim(theirs, fields, "id")))).isEqualTo(byKey(rows));
    assertThat(byKey(scan(dim(ours, fields, "id")))).isEqualTo(byKey(rows));
    for (org.apache.flink.types.Row row : rows) {
      Map<String, AttributeValue> key = Map.of("id", AttributeValue.fromS(text(row.getField(0))));
      Map<String, AttributeValue> item = item(ours, key);
      assertThat(item.keySet().stream().filter(name -> name.startsWith("__dim_")))
          .containsExactlyInAnyOrder("__dim_v", "__dim_c");
      assertThat(withoutOurs(item))
          .as("row %s, attribute by attribute", row.getField(0))
          .isEqualTo(new TreeMap<>(item(theirs, key)));
    }
  }

  @Test
  void aRowOfOursThatItOverwritesIsItsRowOfVersion0() throws Exception {
    TableSpec spec = users();
    Key key = Key.of("u1", 7);
    await(
        store.table(spec).write(List.of(new Put(key, Row.of("ours", 1), 900, Long.MAX_VALUE - 1))));
    insert(
        official(spec.name(), USER_FIELDS),
        USER_FIELDS,
        List.of(org.apache.flink.types.Row.of("u1", 7, "theirs", null)),
        RowKind.INSERT);
    assertThat(await(store.table(spec).get(List.of(key), spec.all())))
        .as("nothing of the row before is left, nor of its version and expiry")
        .containsExactly(new Put(key, Row.of("theirs", null), 0));

    List<io.dimstore.spi.Change> older = new ArrayList<>();
    for (int seq = 0; seq < 8; seq++) {
      older.add(new Put(Key.of("u1", seq), Row.of("again", seq), 3));
    }
    await(store.table(spec).write(older));
    assertThat(await(store.table(spec).get(List.of(key), spec.all())))
        .as("no version is below that of a row without one")
        .containsExactly((Put) older.get(7));
  }

  @Test
  void aRowOfOursThatItDeletesIsAbsentAndLeavesNoTombstone() throws Exception {
    TableSpec spec = users();
    Key key = Key.of("u1", 7);
    await(store.table(spec).write(List.of(new Put(key, Row.of("ours", 1), 900))));
    List<DataTypes.Field> keyFields = USER_FIELDS.subList(0, 2);
    insert(
        official(spec.name(), keyFields),
        keyFields,
        List.of(org.apache.flink.types.Row.of("u1", 7)),
        RowKind.DELETE);
    assertThat(await(store.table(spec).get(List.of(key), spec.all())).get(0)).isNull();
    Put older = new Put(key, Row.of("older", 2), 800);
    await(store.table(spec).write(List.of(older)));
    assertThat(await(store.table(spec).get(List.of(key), spec.all()))).containsExactly(older);
  }

  /** Declares a table for the official connector. */
  private static TableDescriptor official(String table, List<DataTypes.Field> fields) {
    return TableDescriptor.forConnector("dynamodb")
        .schema(schema(fields).build())
        .option("table-name", table)
        .option("aws.region", stack.dynamoDb().region())
        .option("aws.endpoint", stack.dynamoDb().address())
        .option("aws.credentials.provider", "BASIC")
        .option("aws.credentials.basic.accesskeyid", "local")
        .option("aws.credentials.basic.secretkey", "local")
        .build();
  }

  /** Declares the same table for the connector of this project. */
  private static TableDescriptor dim(String table, List<DataTypes.Field> fields, String key) {
    return TableDescriptor.forConnector("dim")
        .schema(schema(fields).primaryKey(key).build())
        .option("store", "dynamodb")
        .option("table", table)
        .option("version", "arrival")
        .option("version.max-clock-skew", "0 s")
        .option("dynamodb.endpoint", stack.dynamoDb().address())
        .option("dynamodb.access-key", "local")
        .option("dynamodb.secret-key", "local")
        .build();
  }

  private static Schema.Builder schema(List<DataTypes.Field> fields) {
    Schema.Builder schema = Schema.newBuilder();
    fields.forEach(field -> schema.column(field.getName(), field.getDataType()));
    return schema;
  }

  private static void insert(
      TableDescriptor into,
      List<DataTypes.Field> fields,
      List<org.apache.flink.types.Row> rows,
      RowKind kind)
      throws Exception {
    StreamExecutionEnvironment streams = StreamExecutionEnvironment.getExecutionEnvironment();
    streams.setParallelism(1);
    StreamTableEnvironment sql =
        StreamTableEnvironment.create(streams, EnvironmentSettings.inStreamingMode());
    rows.forEach(row -> row.setKind(kind));
    Table values =
        sql.fromChangelogStream(streams.fromData(rows, ExternalTypeInfo.of(DataTypes.ROW(fields))));
    values.executeInsert(into).await();
    rows.forEach(row -> row.setKind(RowKind.INSERT));
  }

  private static List<org.apache.flink.types.Row> scan(TableDescriptor table) throws Exception {
    StreamTableEnvironment sql =
        StreamTableEnvironment.create(
            StreamExecutionEnvironment.getExecutionEnvironment(),
            EnvironmentSettings.inBatchMode());
    List<org.apache.flink.types.Row> rows = new ArrayList<>();
    try (CloseableIterator<org.apache.flink.types.Row> all = sql.from(table).execute().collect()) {
      all.forEachRemaining(rows::add);
    }
    return rows;
  }

  private static Map<Object, String> byKey(List<org.apache.flink.types.Row> rows) {
    Map<Object, String> byKey = new HashMap<>();
    rows.forEach(row -> byKey.put(row.getField(0), text(row)));
    return byKey;
  }

  private String created(List<Column> columns, List<String> key) {
    TableSpec spec = new TableSpec("official-" + UUID.randomUUID(), columns, key);
    await(store.createIfAbsent(spec));
    return spec.name();
  }

  private TableSpec users() {
    return new TableSpec(
        created(USERS.columns(), USERS.keyColumns()), USERS.columns(), USERS.keyColumns());
  }

  private Map<String, AttributeValue> item(String table, Map<String, AttributeValue> key) {
    return client.getItem(get -> get.tableName(table).key(key)).join().item();
  }

  private static Map<String, AttributeValue> withoutOurs(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> theirs = new TreeMap<>(item);
    theirs.keySet().removeAll(Set.of("__dim_v", "__dim_c"));
    return theirs;
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(90, TimeUnit.SECONDS).join();
  }
}
