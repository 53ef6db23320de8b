// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests async lookup joins of a changelog that keep the order of each key, which Flink 2.2 offers.
 * Without them, a changelog keeps the order of all its rows, so that one slow lookup holds all
 * others up.
 */
@Timeout(120)
class KeyOrderedLookupTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final io.dimstore.spi.Row NAMED = io.dimstore.spi.Row.of("L");

  private static final String RETRY =
      "'retry-predicate'='lookup_miss', 'retry-strategy'='fixed_delay', 'fixed-delay'='10 ms',"
          + " 'max-attempts'='3'";

  @AfterEach
  void heal() {
    FaultyStoreFactory.failNext(0, Kind.UNAVAILABLE);
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
  }

  @Test
  void slowLookupHoldsUpTheChangesOfItsOwnKeyAlone() throws Exception {
    CompletableFuture<Void> released = new CompletableFuture<>();
    FaultyStoreFactory.reads =
        (keys, stored) ->
            keys.contains(Key.of("slow"))
                ? released.thenCompose(any -> stored.get())
                : stored.get();
    try (Sql sql = users();
        CloseableIterator<Row> rows =
            join(
                sql,
                "",
                Row.ofKind(RowKind.INSERT, "a", "slow"),
                Row.ofKind(RowKind.INSERT, "y", "fast"),
                Row.ofKind(RowKind.UPDATE_BEFORE, "a", "slow"),
                Row.ofKind(RowKind.UPDATE_AFTER, "a", "fast"),
                Row.ofKind(RowKind.DELETE, "y", "fast"),
                Row.ofKind(RowKind.DELETE, "a", "fast"),
                Row.ofKind(RowKind.INSERT, "a", "other"),
                Row.ofKind(RowKind.INSERT, "z", "other"))) {
      assertThat(List.of(text(rows), text(rows), text(rows)))
          .containsExactlyInAnyOrder("+I[y, F]", "-D[y, F]", "+I[z, O]")
          .containsSubsequence("+I[y, F]", "-D[y, F]");
      released.complete(null);
      assertThat(rows)
          .toIterable()
          .map(Row::toString)
          .containsExactly("+I[a, S]", "-U[a, S]", "+U[a, F]", "-D[a, F]", "+I[a, O]");
    }
  }

  @Test
  void changesWaitForTheRetriedMissOfTheirKeyAlone() throws Exception {
    CompletableFuture<Void> released = new CompletableFuture<>();
    AtomicInteger late = new AtomicInteger();
    FaultyStoreFactory.reads =
        (keys, stored) ->
            keys.contains(Key.of("late")) && late.incrementAndGet() > 1
                ? released.thenApply(any -> List.of(new Put(keys.get(0), NAMED, 9)))
                : stored.get();
    try (Sql sql = users();
        CloseableIterator<Row> rows =
            join(
                sql,
                RETRY,
                Row.ofKind(RowKind.INSERT, "a", "late"),
                Row.ofKind(RowKind.DELETE, "a", "late"),
                Row.ofKind(RowKind.INSERT, "a", "fast"),
                Row.ofKind(RowKind.INSERT, "z", "fast"))) {
      assertThat(text(rows)).isEqualTo("+I[z, F]");
      released.complete(null);
      assertThat(rows)
          .toIterable()
          .map(Row::toString)
          .containsExactly("+I[a, L]", "-D[a, L]", "+I[a, F]");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void changesOfEachKeyStayInOrderWhateverTheOrderOfTheAnswers(long seed) throws Exception {
    Random random = new Random(seed);
    FaultyStoreFactory.reads =
        (keys, stored) ->
            CompletableFuture.supplyAsync(stored, later(random)).thenCompose(found -> found);
    Row[] changes = changes(random, 400);
    try (Sql sql = users();
        CloseableIterator<Row> rows = join(sql, "", changes)) {
      List<String> found = new ArrayList<>();
      rows.forEachRemaining(row -> found.add(row.toString()));
      List<String> wanted = Stream.of(changes).map(KeyOrderedLookupTest::joined).toList();
      assertThat(byKey(found)).isEqualTo(byKey(wanted));
      assertThat(found).as("keys overtake each other").isNotEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", RETRY})
  void failingStoreFailsTheJob(String hint) throws Exception {
    try (Sql sql = users()) {
      FaultyStoreFactory.failNext(1_000, Kind.DENIED);
      assertThatThrownBy(
              () -> {
                try (CloseableIterator<Row> rows =
                    join(sql, hint, Row.of("a", "slow"), Row.of("a", "fast"))) {
                  rows.forEachRemaining(row -> {});
                }
              })
          .hasStackTraceContaining("Lookup in table 'users' of store 'faulty' failed (DENIED)");
    }
  }

  /** Returns random inserts, updates and deletes of ten keys. */
  private static Row[] changes(Random random, int count) {
    List<Row> changes = new ArrayList<>();
    Map<String, String> users = new HashMap<>();
    while (changes.size() < count) {
      String id = "o" + random.nextInt(10);
      String before = users.get(id);
      String after = List.of("slow", "fast", "other").get(random.nextInt(3));
      if (before == null) {
        changes.add(Row.ofKind(RowKind.INSERT, id, after));
        users.put(id, after);
      } else if (random.nextInt(4) == 0) {
        changes.add(Row.ofKind(RowKind.DELETE, id, before));
        users.remove(id);
      } else {
        changes.add(Row.ofKind(RowKind.UPDATE_BEFORE, id, before));
        changes.add(Row.ofKind(RowKind.UPDATE_AFTER, id, after));
        users.put(id, after);
      }
    }
    return changes.toArray(Row[]::new);
  }

  private static String joined(Row change) {
    String name = change.<String>getFieldAs(1).substring(0, 1).toUpperCase(Locale.ROOT);
    return Row.ofKind(change.getKind(), change.getField(0), name).toString();
  }

  private static Map<String, List<String>> byKey(List<String> rows) {
    return rows.stream().collect(Collectors.groupingBy(row -> row.substring(3, 5)));
  }

  /** Returns an executor that runs each task after a time of its own. */
  private static Executor later(Random random) {
    long micros;
    synchronized (random) {
      micros = random.nextInt(3_000);
    }
    return CompletableFuture.delayedExecutor(micros, TimeUnit.MICROSECONDS);
  }

  private static String text(CloseableIterator<Row> rows) {
    return rows.next().toString();
  }

  private static Sql users() throws Exception {
    Sql sql = Sql.streaming(1);
    sql.env.getConfig().set("table.exec.async-lookup.key-ordered-enabled", "true");
    sql.env.getConfig().set("table.exec.async-lookup.output-mode", "ALLOW_UNORDERED");
    return sql.table(
            "users",
            "id STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED",
            "store",
            "faulty",
            "version",
            "arrival",
            "lookup.batch-size",
            "1")
        .run("INSERT INTO users VALUES ('slow', 'S'), ('fast', 'F'), ('other', 'O')");
  }

  private static CloseableIterator<Row> join(Sql sql, String hint, Row... changes) {
    sql.env.createTemporaryView(
        "orders",
        sql.env.fromChangelogStream(
            sql.streams.fromData(
                List.of(changes),
                Types.ROW_NAMED(new String[] {"order_id", "user_id"}, Types.STRING, Types.STRING)),
            Schema.newBuilder()
                .column("order_id", "STRING NOT NULL")
                .column("user_id", "STRING")
                .columnByExpression("t", "PROCTIME()")
                .primaryKey("order_id")
                .build(),
            ChangelogMode.all()));
    return sql.env
        .executeSql(
            "SELECT "
                + (hint.isEmpty() ? "" : "/*+ LOOKUP('table'='u', " + hint + ") */ ")
                + "o.order_id, u.name FROM orders AS o"
                + " LEFT JOIN users FOR SYSTEM_TIME AS OF o.t AS u ON o.user_id = u.id")
        .collect();
  }
}
