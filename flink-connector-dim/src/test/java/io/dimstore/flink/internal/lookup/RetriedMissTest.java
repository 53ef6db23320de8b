// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static io.dimstore.flink.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a LOOKUP hint that retries missing rows finds out whether the store has them by now.
 * The cache would keep an absence for longer than all attempts take.
 */
@Timeout(120)
class RetriedMissTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  /** Flink counts the attempts after the first lookup. */
  private static final int ATTEMPTS = 3;

  /** The keys of each read. */
  private final List<List<Key>> reads = new CopyOnWriteArrayList<>();

  @BeforeEach
  void recordReads() {
    FaultyStoreFactory.reads =
        (keys, stored) -> {
          reads.add(keys);
          return stored.get();
        };
  }

  @AfterEach
  void heal() {
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
  }

  @ParameterizedTest
  @CsvSource({"true, NONE", "false, NONE", "true, PARTIAL", "false, PARTIAL"})
  void rowThatComesBeforeTheLastAttemptIsFound(boolean async, String cache) throws Exception {
    comesBefore(ATTEMPTS + 1);
    try (Sql sql = declared(cache)) {
      assertThat(sql.rows(join(retry(async), "o.n = d.n", "late"))).containsExactly("+I[late, 7]");
      assertThat(reads).hasSize(ATTEMPTS + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, NONE", "false, NONE", "true, PARTIAL", "false, PARTIAL"})
  void rowIsMissingAfterTheLastAttempt(boolean async, String cache) throws Exception {
    comesBefore(ATTEMPTS + 2);
    try (Sql sql = declared(cache)) {
      assertThat(sql.rows(join(retry(async), "o.n = d.n", "late")))
          .containsExactly("+I[late, null]");
      assertThat(reads).hasSize(ATTEMPTS + 1);
    }
  }

  /** The row is there, and the condition of the join becomes true only later. */
  @ParameterizedTest
  @CsvSource({"true, NONE", "false, NONE", "true, PARTIAL", "false, PARTIAL"})
  void rowThatDoesNotMatchYetIsLookedUpAgain(boolean async, String cache) throws Exception {
    comesBefore(ATTEMPTS + 1);
    try (Sql sql = declared(cache).run("INSERT INTO dim VALUES ('late', 1)")) {
      assertThat(sql.rows(join(retry(async), "o.n = d.n", "late"))).containsExactly("+I[late, 7]");
      assertThat(reads).hasSize(ATTEMPTS + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void cachedAbsenceAnswersLookupsThatAreNotRepeated(boolean async) throws Exception {
    try (Sql sql = declared("PARTIAL")) {
      assertThat(
              sql.rows(
                  "SELECT "
                      + retry(async).replace("'d'", "'d2'")
                      + "o.id, d1.n, d2.n, d3.n"
                      + " FROM (SELECT id, PROCTIME() AS p FROM (VALUES ('late')) AS x (id)) o"
                      + " LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p d1 ON o.id = d1.id"
                      + " LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p d2 ON o.id = d2.id"
                      + " LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p d3 ON o.id = d3.id"))
          .containsExactly("+I[late, null, null, null]");
      assertThat(reads).as("by the first join, and by the retries of d2").hasSize(1 + ATTEMPTS);
    }
  }

  @ParameterizedTest
  @CsvSource({"NONE", "PARTIAL"})
  void repeatedLookupsShareReads(String cache) throws Exception {
    int keys = 50;
    String[] ids = IntStream.range(0, keys).mapToObj(i -> "late" + i).toArray(String[]::new);
    long before = lookups();
    Set<Key> seen = ConcurrentHashMap.newKeySet();
    CompletableFuture<Void> allBegan = new CompletableFuture<>();
    CompletableFuture<Void> allBeganAgain = new CompletableFuture<>();
    FaultyStoreFactory.reads =
        (asked, stored) -> {
          reads.add(asked);
          return (seen.addAll(asked) ? allBegan : allBeganAgain).thenCompose(any -> stored.get());
        };
    try (Sql sql = declared(cache, "lookup.batch-size", "200", "lookup.linger", "10 s")) {
      String hint = retry(true).replace("10 ms", "200 ms").replace("'" + ATTEMPTS + "'", "'1'");
      TableResult result = sql.env.executeSql(join(hint, "TRUE", ids));
      await(() -> lookups() - before == keys);
      allBegan.complete(null);
      await(() -> lookups() - before == 2L * keys);
      int first = reads.size();
      allBeganAgain.complete(null);
      try (CloseableIterator<?> rows = result.collect()) {
        assertThat(rows).toIterable().hasSize(keys);
      }
      assertThat(reads.subList(first, reads.size()))
          .as("reads while others wait")
          .anyMatch(read -> read.size() > keys / 2);
    }
  }

  /** Makes the row come with this read. */
  private void comesBefore(int read) {
    FaultyStoreFactory.reads =
        (keys, stored) -> {
          reads.add(keys);
          return reads.size() < read
              ? stored.get()
              : CompletableFuture.completedFuture(
                  List.of(new Put(keys.get(0), Row.of(7), Long.MAX_VALUE - 1)));
        };
  }

  private static Sql declared(String cache, String... options) throws Exception {
    String[] all =
        Stream.concat(
                Stream.of(options),
                Stream.of(
                    "store",
                    "faulty",
                    "version",
                    "arrival",
                    "lookup.cache",
                    cache,
                    "lookup.cache.max-age",
                    "1 h",
                    "lookup.cache.absent-max-age",
                    "1 h"))
            .toArray(String[]::new);
    return Sql.streaming(1)
        .table("dim", "id STRING, n INT, PRIMARY KEY (id) NOT ENFORCED", all)
        .run("INSERT INTO dim VALUES ('other', 1)");
  }

  private static String retry(boolean async) {
    return "/*+ LOOKUP('table'='d', 'async'='"
        + async
        + "', 'retry-predicate'='lookup_miss', 'retry-strategy'='fixed_delay',"
        + " 'fixed-delay'='10 ms', 'max-attempts'='"
        + ATTEMPTS
        + "') */ ";
  }

  private static String join(String hint, String condition, String... ids) {
    List<String> values = Stream.of(ids).map(id -> "('" + id + "', 7)").toList();
    return "SELECT "
        + hint
        + "o.id, d.n FROM (SELECT id, n, PROCTIME() AS p FROM (VALUES "
        + String.join(", ", values)
        + ") AS x (id, n)) o LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p d ON o.id = d.id AND "
        + condition;
  }

  private static long lookups() {
    return (long)
        DimMetrics.snapshot().value(DimMetrics.table("faulty", "dim", DimMetrics.LOOKUPS));
  }
}
