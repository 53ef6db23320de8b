// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static io.dimstore.flink.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests in which order the events of an asynchronous lookup join leave it, if the store answers
 * them in another order. Each user is read alone, and answered when the test says so.
 */
@Timeout(120)
class LookupOrderTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final int USERS = 6;
  private static final String UNORDERED = "'output-mode'='allow_unordered'";

  private final Map<String, CompletableFuture<Void>> answers = new ConcurrentHashMap<>();
  private final long foundBefore = counted(DimMetrics.LOOKUPS_FOUND);
  private final long begunBefore = counted(DimMetrics.LOOKUPS);

  @BeforeEach
  void answerWhenReleased() {
    FaultyStoreFactory.reads =
        (keys, stored) -> answer((String) keys.get(0).get(0)).thenCompose(any -> stored.get());
  }

  @AfterEach
  void heal() {
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
  }

  @ParameterizedTest
  @ValueSource(strings = {"'async'='true'", "'output-mode'='ordered'"})
  void eventsStayInOrderThoughTheLastIsAnsweredFirst(String hint) throws Exception {
    try (Sql sql = users();
        CloseableIterator<Row> rows = start(sql, insertedOrders(), hint)) {
      releaseFromTheLast(USERS);
      assertThat(rows)
          .toIterable()
          .map(Row::toString)
          .isEqualTo(
              IntStream.range(0, USERS).mapToObj(i -> "+I[o" + i + ", name " + i + "]").toList());
    }
  }

  @Test
  void unorderedEventLeavesWhenItIsAnswered() throws Exception {
    try (Sql sql = users();
        CloseableIterator<Row> rows = start(sql, insertedOrders(), UNORDERED)) {
      await(() -> begun() == USERS);
      for (int i = USERS - 1; i >= 0; i--) {
        answer("u" + i).complete(null);
        assertThat(rows.next()).hasToString("+I[o" + i + ", name " + i + "]");
      }
      assertThat(rows).isExhausted();
    }
  }

  /** Flink ignores the hint there: an update must not overtake the row that it updates. */
  @ParameterizedTest
  @ValueSource(strings = {"'output-mode'='ordered'", UNORDERED})
  void changesStayInOrderThoughTheLastIsAnsweredFirst(String hint) throws Exception {
    List<Row> changes =
        List.of(
            Row.ofKind(RowKind.INSERT, "o0", "u0"),
            Row.ofKind(RowKind.INSERT, "o1", "u1"),
            Row.ofKind(RowKind.UPDATE_BEFORE, "o0", "u0"),
            Row.ofKind(RowKind.UPDATE_AFTER, "o0", "u2"),
            Row.ofKind(RowKind.DELETE, "o1", "u1"),
            Row.ofKind(RowKind.INSERT, "o3", "u3"));
    try (Sql sql = users();
        CloseableIterator<Row> rows = start(sql, changes, hint)) {
      await(() -> begun() == changes.size());
      List<String> users = List.of("u3", "u2", "u1", "u0");
      int[] found = {1, 2, 4, 6};
      for (int i = 0; i < users.size(); i++) {
        release(users.get(i), found[i]);
      }
      assertThat(rows)
          .toIterable()
          .map(Row::toString)
          .containsExactly(
              "+I[o0, name 0]",
              "+I[o1, name 1]",
              "-U[o0, name 0]",
              "+U[o0, name 2]",
              "-D[o1, name 1]",
              "+I[o3, name 3]");
    }
  }

  private void releaseFromTheLast(int users) {
    await(() -> begun() == users);
    for (int i = users - 1; i >= 0; i--) {
      release("u" + i, users - i);
    }
  }

  /** Lets a user be answered, and waits until so many lookups have been answered. */
  private void release(String user, int found) {
    answer(user).complete(null);
    await(() -> counted(DimMetrics.LOOKUPS_FOUND) - foundBefore == found);
  }

  private CompletableFuture<Void> answer(String user) {
    return answers.computeIfAbsent(user, any -> new CompletableFuture<>());
  }

  private long begun() {
    return counted(DimMetrics.LOOKUPS) - begunBefore;
  }

  private static long counted(String metric) {
    return (long) DimMetrics.snapshot().value(DimMetrics.table("faulty", "users", metric));
  }

  private static List<Row> insertedOrders() {
    return IntStream.range(0, USERS).mapToObj(i -> Row.of("o" + i, "u" + i)).toList();
  }

  private static Sql users() throws Exception {
    return Sql.streaming(1)
        .table(
            "users",
            "id STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED",
            "store",
            "faulty",
            "version",
            "arrival",
            "lookup.batch-size",
            "1")
        .run(
            "INSERT INTO users VALUES "
                + String.join(
                    ", ",
                    IntStream.range(0, USERS)
                        .mapToObj(i -> "('u" + i + "', 'name " + i + "')")
                        .toList()));
  }

  private static CloseableIterator<Row> start(Sql sql, List<Row> changes, String hint) {
    boolean updates = changes.stream().anyMatch(row -> row.getKind() != RowKind.INSERT);
    sql.env.createTemporaryView(
        "orders",
        sql.env.fromChangelogStream(
            sql.streams.fromData(
                changes,
                Types.ROW_NAMED(new String[] {"order_id", "user_id"}, Types.STRING, Types.STRING)),
            Schema.newBuilder()
                .column("order_id", "STRING NOT NULL")
                .column("user_id", "STRING")
                .columnByExpression("t", "PROCTIME()")
                .primaryKey("order_id")
                .build(),
            updates ? ChangelogMode.all() : ChangelogMode.insertOnly()));
    return sql.env
        .executeSql(
            "SELECT /*+ LOOKUP('table'='u', "
                + hint
                + ") */ o.order_id, u.name FROM orders AS o"
                + " JOIN users FOR SYSTEM_TIME AS OF o.t AS u ON o.user_id = u.id")
        .collect();
  }
}
