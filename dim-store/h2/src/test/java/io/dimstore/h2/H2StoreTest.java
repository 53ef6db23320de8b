// SPDX-License-Identifier: Apache-2.0
package io.dimstore.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the conformance kit does not ask: names, URLs, and the state of connections. */
@Timeout(60)
class H2StoreTest {

  private static final Column ID = new Column("id", DataType.STRING);
  private static final Column VALUE = new Column("v", DataType.STRING);
  private static final TableSpec SPEC = spec("t", VALUE);

  @TempDir Path folder;

  private final String memory = "jdbc:h2:mem:" + UUID.randomUUID();
  private final List<DimensionStore> stores = new ArrayList<>();
  private final List<StoreMetrics.Request> failed = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    stores.forEach(DimensionStore::close);
  }

  private static TableSpec spec(String name, Column value) {
    return new TableSpec(name, List.of(ID, value), List.of("id"), Map.of());
  }

  private DimensionStore open(String url, String... options) {
    Map<String, String> all = new HashMap<>(Map.of("url", url, "deadline", "50 s"));
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    StoreMetrics metrics =
        request -> {
          if (request.failure() != null) {
            failed.add(request);
          }
        };
    DimensionStore store = DimensionStores.open("h2", all, metrics, InstantSource.system());
    stores.add(store);
    return store;
  }

  private static <T> T answer(CompletionStage<T> call) throws Exception {
    return call.toCompletableFuture().get(55, TimeUnit.SECONDS);
  }

  private static StoreException failure(CompletionStage<?> call) throws Exception {
    try {
      throw new AssertionError("answered " + answer(call));
    } catch (ExecutionException e) {
      StoreException failure = StoreException.find(e);
      assertThat(failure).isNotNull();
      return failure;
    }
  }

  /** H2 removes a database in memory when its last connection is closed. */
  @Test
  void refusedCallsDoNotRemoveADatabaseInMemory() throws Exception {
    DimensionStore store = open(memory);
    answer(store.createIfAbsent(SPEC));
    DimensionTable table = store.table(SPEC);
    Put row = new Put(Key.of("k"), Row.of("x"), 1);
    answer(table.write(List.of(row)));
    Change wrong = new Put(Key.of("k"), Row.of(5L), 2);
    assertThat(failure(table.write(List.of(wrong))).kind()).isEqualTo(Kind.INVALID);
    TableSpec missing = spec("missing", VALUE);
    assertThat(failure(store.validate(missing)).kind()).isEqualTo(Kind.NO_TABLE);
    assertThat(answer(table.get(List.of(Key.of("k")), SPEC.all()))).containsExactly(row);
  }

  /** H2 creates a table with a longer name, but cannot open the database again. */
  @Test
  void databaseOpensAgainWhateverNameIsAskedFor() throws Exception {
    String url = "jdbc:h2:" + folder.resolve("names");
    DimensionStore first = open(url);
    TableSpec longest = spec("n".repeat(248), new Column("c".repeat(2_000), DataType.STRING));
    answer(first.createIfAbsent(longest));
    assertThat(failure(first.createIfAbsent(spec("n".repeat(249), VALUE))))
        .hasMessageContaining("248")
        .extracting(StoreException::kind)
        .isEqualTo(Kind.INVALID);
    first.close();
    answer(open(url).validate(longest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:foo:x",
        "jdbc:h2:relative/path",
        "jdbc:h2:mem:x;NO_SUCH_SETTING=1",
        "jdbc:h2:mem:x;IFEXISTS=TRUE",
        "jdbc:h2:mem:x;IGNORE"
      })
  void wrongUrlIsInvalidAtOnce(String url) throws Exception {
    StoreException failure = failure(open(url).ping());
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageContaining("ption 'url'");
    assertThat(failed).hasSize(1);
  }

  @Test
  void passwordInTheUrlIsRefusedAndNotRepeated() {
    StoreException failure =
        catchThrowableOfType(
            StoreException.class, () -> open("jdbc:h2:mem:x;user=sa; Password=secret"));
    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageContaining("'password'").hasMessageNotContaining("secret");
    assertThat(failure).hasNoCause();
  }

  @Test
  void valueThatCannotBeDecodedIsCorrupt() throws Exception {
    DimensionStore store = open(memory);
    TableSpec numbers = spec("t", new Column("v", DataType.Simple.BIGINT));
    answer(store.createIfAbsent(numbers));
    DimensionTable table = store.table(numbers);
    Key key = Key.of("k");
    answer(table.write(List.of(new Put(key, Row.of(5L), 1))));
    try (Connection admin = DriverManager.getConnection(memory, "sa", "")) {
      admin.createStatement().execute("UPDATE \"t\" SET row_bytes = X'0000000101'");
    }
    StoreException failure = failure(table.get(List.of(key), numbers.all()));
    assertThat(failure.kind()).isEqualTo(Kind.CORRUPT);
    assertThat(failure.keys()).containsExactly(key);
    ScanSplit split = answer(table.splits(1, ScanOptions.rows(numbers.all()))).get(0);
    assertThat(answer(table.scan(split, 10)).unreadable())
        .singleElement()
        .satisfies(row -> assertThat(row.key()).isEqualTo(key));
  }

  /** Another session holds one of the entries that the sweep of the 1,024th write would delete. */
  @Test
  void committedWriteSucceedsThoughItsSweepFails() throws Exception {
    DimensionStore store = open(memory + ";LOCK_TIMEOUT=1", "tombstone-retention", "1 ms");
    answer(store.createIfAbsent(SPEC));
    try (Connection other = endedEntries(1)) {
      other.setAutoCommit(false);
      other.createStatement().execute("UPDATE \"t\" SET version = 8");
      answer(store.table(SPEC).write(manyPuts()));
      other.rollback();
      assertThat(failed).isEmpty();
      assertThat(entries(other)).isEqualTo(1 + 1_024);
    }
  }

  @Test
  void sweepDeletesALimitedNumberOfEntries() throws Exception {
    DimensionStore store = open(memory, "tombstone-retention", "1 ms");
    answer(store.createIfAbsent(SPEC));
    try (Connection other = endedEntries(3_000)) {
      answer(store.table(SPEC).write(manyPuts()));
      assertThat(entries(other)).isEqualTo(3_000 - 2_048 + 1_024);
    }
  }

  private Connection endedEntries(int count) throws SQLException {
    Connection other = DriverManager.getConnection(memory, "sa", "");
    other
        .createStatement()
        .execute(
            "INSERT INTO \"t\" (key_bytes, version, expires_at, ends_at)"
                + " SELECT CAST(x AS VARBINARY), 7, 0, 1 FROM SYSTEM_RANGE(1, "
                + count
                + ")");
    return other;
  }

  private static long entries(Connection connection) throws SQLException {
    ResultSet count = connection.createStatement().executeQuery("SELECT COUNT(*) FROM \"t\"");
    count.next();
    return count.getLong(1);
  }

  private static List<Change> manyPuts() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 1_024; i++) {
      changes.add(new Put(Key.of("key" + i), Row.of("x"), 1));
    }
    return changes;
  }
}
