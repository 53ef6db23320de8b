// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static io.dimstore.flink.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.Key;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests how many lookups a subtask has in flight while the store does not answer. */
@Timeout(120)
class LookupCapacityTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final Set<Thread.State> WAITING =
      Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

  private final List<Key> asked = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> answers = new CompletableFuture<>();

  @AfterEach
  void heal() {
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'capacity'='2'; 2; AsyncWaitOperator; addToWorkQueue",
        "'capacity'='5', 'output-mode'='allow_unordered'; 5; AsyncWaitOperator; addToWorkQueue",
        "'async'='true'; 7; AsyncWaitOperator; addToWorkQueue",
        "'async'='false'; 1; DimLookupFunction; lookup"
      })
  void taskWaitsWhenAsManyLookupsAsTheHintAllowsAreInFlight(
      String hint, int lookups, String waitingClass, String waitingMethod) throws Exception {
    FaultyStoreFactory.reads =
        (keys, stored) -> {
          asked.addAll(keys);
          return answers.thenCompose(any -> stored.get());
        };
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.exec.async-lookup.buffer-capacity", "7");
      sql.table(
          "users",
          "id INT, PRIMARY KEY (id) NOT ENFORCED",
          "store",
          "faulty",
          "version",
          "arrival",
          "lookup.batch-size",
          "1");
      sql.run("INSERT INTO users VALUES (1)");
      try (CloseableIterator<Row> rows =
          sql.env
              .executeSql(
                  "SELECT /*+ LOOKUP('table'='u', "
                      + hint
                      + ") */ o.id, u.id FROM (SELECT id, PROCTIME() AS t FROM (VALUES"
                      + " (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS v (id)) AS o"
                      + " LEFT JOIN users FOR SYSTEM_TIME AS OF o.t AS u ON o.id = u.id")
              .collect()) {
        await(() -> asked.size() == lookups && isWaiting(waitingClass, waitingMethod));
        answers.complete(null);
        assertThat(rows).toIterable().hasSize(9);
      }
    }
  }

  /** Returns whether a thread waits within a method. */
  private static boolean isWaiting(String simpleName, String method) {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> WAITING.contains(thread.getKey().getState()))
        .anyMatch(
            thread ->
                List.of(thread.getValue()).stream()
                    .anyMatch(
                        frame ->
                            frame.getClassName().endsWith('.' + simpleName)
                                && frame.getMethodName().equals(method)));
  }
}
