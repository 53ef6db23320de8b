// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static io.dimstore.flink.Conditions.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.flink.internal.store.SharedStore;
import io.dimstore.spi.Put;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the LOOKUP hints of Flink's documentation with a store that is healthy, slow or failing.
 */
@Timeout(120)
class LookupHintTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  private static final String RETRY =
      "'retry-predicate'='lookup_miss', 'retry-strategy'='fixed_delay', 'fixed-delay'='10 ms',"
          + " 'max-attempts'='3'";

  private static final AtomicInteger CHECKPOINTS = new AtomicInteger();

  /** The rows of {@link #joinOnePerCheckpoint}. */
  private static final List<String> JOINED =
      List.of(
          "+I[0, a, 1]", "+I[1, b, 2]", "+I[2, a, 1]", "+I[3, b, 2]", "+I[4, a, 1]", "+I[5, b, 2]");

  /** The forms of the hint that Flink's documentation shows, without the table's name. */
  static List<String> documentedHints() {
    return List.of(
        "",
        "'async'='true'",
        "'async'='false'",
        "'async'='true', 'output-mode'='ordered'",
        "'async'='true', 'output-mode'='allow_unordered'",
        "'async'='true', 'output-mode'='allow_unordered', 'capacity'='2', 'timeout'='1 h'",
        "'capacity'='200'",
        RETRY,
        "'async'='false', " + RETRY,
        "'async'='true', " + RETRY,
        "'async'='true', 'output-mode'='allow_unordered', 'capacity'='2', 'timeout'='1 h', "
            + RETRY);
  }

  static Stream<List<String>> hintsWithAndWithoutCache() {
    return documentedHints().stream()
        .flatMap(hint -> Stream.of(List.of(hint, "NONE"), List.of(hint, "PARTIAL")));
  }

  @AfterEach
  void heal() {
    FaultyStoreFactory.failNext(0, Kind.UNAVAILABLE);
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
    FaultyStoreFactory.onOpen = () -> {};
  }

  @ParameterizedTest
  @MethodSource("hintsWithAndWithoutCache")
  void healthyStoreAnswersUnderEveryHint(List<String> hintAndCache) throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), hintAndCache.get(1))) {
      assertThat(sql.rows(join(hintAndCache.get(0), "'a'", "'b'", "'nobody'")))
          .containsExactly("+I[a, 1]", "+I[b, 2]", "+I[nobody, null]");
    }
  }

  @ParameterizedTest
  @MethodSource("hintsWithAndWithoutCache")
  void failingStoreFailsTheJobUnderEveryHint(List<String> hintAndCache) throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), hintAndCache.get(1))) {
      FaultyStoreFactory.failNext(1_000, Kind.DENIED);
      assertThatThrownBy(() -> sql.rows(join(hintAndCache.get(0), "'a'", "'b'")))
          .hasStackTraceContaining("Lookup in table 'dim' of store 'faulty' failed (DENIED)");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'async'='true', " + RETRY, "'async'='false', " + RETRY})
  void failureOfTheCodeThatReadsARowFailsTheJob(String hint) throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), "NONE")) {
      FaultyStoreFactory.reads =
          (keys, stored) -> {
            throw new NoClassDefFoundError("made to be missing");
          };
      assertThatThrownBy(() -> sql.rows(join(hint, "'a'")))
          .hasStackTraceContaining("made to be missing");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'async'='true', 'timeout'='1 h'", "'async'='false'", RETRY})
  void errorWhileARowIsDecodedFailsTheJob(String hint) throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.table(
              "dim",
              "id STRING, n ARRAY<INT>, PRIMARY KEY (id) NOT ENFORCED",
              "store",
              "faulty",
              "version",
              "arrival")
          .run("INSERT INTO dim VALUES ('a', ARRAY[1])");
      FaultyStoreFactory.reads =
          (keys, stored) ->
              CompletableFuture.completedFuture(
                  List.of(new Put(keys.get(0), io.dimstore.spi.Row.of(new Undecodable()), 1)));
      assertThatThrownBy(() -> sql.rows(join(hint, "'a'")))
          .hasStackTraceContaining("Lookup in table 'dim' of store 'faulty', key")
          .hasStackTraceContaining("made to be missing");
    }
  }

  /** A value whose decoding needs a class that is missing. */
  private static final class Undecodable extends AbstractList<Integer> {
    @Override
    public Integer get(int index) {
      throw new NoClassDefFoundError("made to be missing");
    }

    @Override
    public int size() {
      return 1;
    }
  }

  @ParameterizedTest
  @MethodSource("retriesWithAndWithoutCache")
  void rowThatAppearsLaterIsFound(List<String> hintAndCache) throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), hintAndCache.get(1))) {
      String hint = hintAndCache.get(0).replace("'3'", "'10000'");
      long before = lookups();
      TableResult result = sql.env.executeSql(join(hint, "'late'"));
      await(() -> lookups() - before >= 3);
      sql.run("INSERT INTO dim VALUES ('late', 7, 1)");
      assertThat(rows(result)).containsExactly("+I[late, 7]");
    }
  }

  static Stream<List<String>> retriesWithAndWithoutCache() {
    return hintsWithAndWithoutCache().filter(hint -> hint.get(0).contains("lookup_miss"));
  }

  @Test
  void outageDuringTheRetryOfAMissFailsTheJob() throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), "NONE")) {
      AtomicInteger reads = new AtomicInteger();
      FaultyStoreFactory.reads =
          (keys, stored) -> {
            if (reads.incrementAndGet() == 2) {
              FaultyStoreFactory.failNext(1_000, Kind.DENIED);
            }
            return stored.get();
          };
      assertThatThrownBy(() -> sql.rows(join("'timeout'='1 h', " + RETRY, "'nobody'")))
          .hasStackTraceContaining("failed (DENIED)");
      assertThat(reads).hasValue(2);
    }
  }

  /** Rows that wait for their next attempt do not block a thread that other rows need. */
  @ParameterizedTest
  @ValueSource(strings = {"NONE", "PARTIAL"})
  void missThatWaitsBlocksNeitherTheCommonPoolNorOtherLookups(String cache) throws Exception {
    String hint =
        "'output-mode'='allow_unordered', 'timeout'='1 h', "
            + RETRY.replace("10 ms", "1 h").replace("'3'", "'10'");
    try (Sql sql = withRows(Sql.streaming(1), cache)) {
      TableResult waiting =
          sql.env.executeSql(
              join(hint, "'n1'", "'n2'", "'n3'", "'n4'", "'n5'", "'n6'", "'n7'", "'n8'", "'a'"));
      try (CloseableIterator<Row> rows = waiting.collect()) {
        assertThat(rows.next()).hasToString("+I[a, 1]");
        await(() -> sleepers().size() == 8);
        assertThat(sleepers()).allMatch(name -> name.startsWith("dim-faulty-waiter-"));
        assertThat(sql.rows(join("", "'b'", "'n1'"))).containsExactly("+I[b, 2]", "+I[n1, null]");
      } finally {
        cancel(waiting);
      }
      await(() -> sleepers().isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", RETRY})
  void storeThatNeverAnswersFailsTheJobByTheHintsTimeout(String retry) throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), "NONE")) {
      FaultyStoreFactory.reads = (keys, stored) -> new CompletableFuture<>();
      String hint = "'timeout'='100 ms'" + (retry.isEmpty() ? "" : ", " + retry);
      assertThatThrownBy(() -> sql.rows(join(hint, "'a'")))
          .hasRootCauseInstanceOf(TimeoutException.class)
          .hasRootCauseMessage("Async function call has timed out.");
    }
  }

  @Test
  void timeoutOfTheHintIncludesTheTimeBetweenAttempts() throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), "NONE")) {
      String hint = "'timeout'='100 ms', " + RETRY.replace("10 ms", "1 h");
      assertThatThrownBy(() -> sql.rows(join(hint, "'nobody'")))
          .hasRootCauseInstanceOf(TimeoutException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'timeout'='1 h'", "'timeout'='1 h', " + RETRY, "'async'='false'"})
  void retryTimeoutEndsALookupBeforeTheHintsTimeoutWithTheReason(String hint) throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), "NONE")) {
      FaultyStoreFactory.failNext(Integer.MAX_VALUE, Kind.UNAVAILABLE);
      String join =
          join(hint, "'a'")
              .replace("JOIN dim", "JOIN dim /*+ OPTIONS('retry-timeout'='100 ms') */");
      assertThatThrownBy(() -> sql.rows(join))
          .hasStackTraceContaining("Lookup in table 'dim' of store 'faulty' failed (UNAVAILABLE)");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'timeout'='1 s'",
        "'timeout'='1 s', 'output-mode'='allow_unordered'",
        "'timeout'='1 s', " + RETRY
      })
  void lookupThatTimesOutIsDoneAgainAfterTheRestart(String hint) throws Exception {
    try (Sql sql = withRows(recovering(), "NONE")) {
      AtomicBoolean silent = new AtomicBoolean();
      AtomicBoolean restarted = new AtomicBoolean();
      AtomicInteger reads = new AtomicInteger();
      FaultyStoreFactory.onOpen = () -> restarted.set(silent.get());
      FaultyStoreFactory.reads =
          (keys, stored) -> {
            if (reads.incrementAndGet() < 2 || restarted.get()) {
              return stored.get();
            }
            silent.set(true);
            return new CompletableFuture<>();
          };
      joinOnePerCheckpoint(sql, hint);
      assertThat(restarted).isTrue();
      assertThat(sql.rows("SELECT * FROM target")).isEqualTo(JOINED);
    }
  }

  /** The lookup of a row fails after checkpoints that contain the row as in flight. */
  @ParameterizedTest
  @MethodSource("hintsAcrossARestart")
  void failedLookupIsDoneAgainAfterACheckpointAndARestart(List<String> hintAndCache)
      throws Exception {
    try (Sql sql = withRows(recovering(), hintAndCache.get(1))) {
      AtomicInteger reads = new AtomicInteger();
      AtomicBoolean failing = new AtomicBoolean();
      AtomicBoolean restarted = new AtomicBoolean();
      FaultyStoreFactory.onOpen = () -> restarted.set(failing.get());
      // A synchronous lookup delays checkpoints; an asynchronous lookup does not.
      int checkpoints = hintAndCache.get(0).contains("'async'='false'") ? 0 : 2;
      FaultyStoreFactory.reads =
          (keys, stored) -> {
            if (reads.incrementAndGet() < 2 || restarted.get()) {
              return stored.get();
            }
            if (!failing.compareAndSet(false, true)) {
              return failed();
            }
            int enough = CHECKPOINTS.get() + checkpoints;
            return CompletableFuture.runAsync(() -> await(() -> CHECKPOINTS.get() >= enough))
                .thenCompose(done -> failed());
          };
      joinOnePerCheckpoint(sql, hintAndCache.get(0));
      assertThat(restarted).isTrue();
      assertThat(sql.rows("SELECT * FROM target")).isEqualTo(JOINED);
    }
  }

  static Stream<List<String>> hintsAcrossARestart() {
    return hintsWithAndWithoutCache()
        .filter(
            hint ->
                hint.get(0).isEmpty()
                    || hint.get(0).contains("lookup_miss")
                    || hint.get(0).equals("'async'='false'"));
  }

  private static <T> CompletableFuture<T> failed() {
    return CompletableFuture.failedFuture(new StoreException(Kind.DENIED, "made to fail"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'async'='true'", "'async'='false'", RETRY})
  void jobThatIsCancelledWhileLookupsAreInFlightEndsAndClosesItsStore(String hint)
      throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), "NONE")) {
      FaultyStoreFactory.reads = (keys, stored) -> new CompletableFuture<>();
      long before = lookups();
      TableResult result = sql.env.executeSql(join(hint, "'a'", "'b'"));
      await(() -> lookups() > before);
      cancel(result);
      assertThatThrownBy(() -> rows(result)).hasStackTraceContaining("cancelled");
      await(() -> SharedStore.open() == 0);
    }
  }

  @Test
  void plannerThatNeedsASynchronousLookupGetsOne() throws Exception {
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.optimizer.non-deterministic-update.strategy", "TRY_RESOLVE");
      sql.env.createTemporaryView(
          "orders",
          sql.env.fromChangelogStream(
              sql.streams.fromData(
                  Row.ofKind(org.apache.flink.types.RowKind.INSERT, "o1", "a", 1),
                  Row.ofKind(org.apache.flink.types.RowKind.UPDATE_AFTER, "o1", "b", 2)),
              Schema.newBuilder()
                  .column("f0", "STRING NOT NULL")
                  .column("f1", "STRING")
                  .column("f2", "INT")
                  .columnByExpression("p", "PROCTIME()")
                  .primaryKey("f0")
                  .build(),
              org.apache.flink.table.connector.ChangelogMode.upsert()));
      withRows(sql, "NONE")
          .table("counts", "n INT, c BIGINT, PRIMARY KEY (n) NOT ENFORCED", "version", "arrival")
          .run(
              "INSERT INTO counts SELECT d.n, COUNT(*) FROM orders o JOIN dim FOR SYSTEM_TIME AS OF"
                  + " o.p d ON o.f1 = d.id GROUP BY d.n");
      assertThat(sql.rows("SELECT * FROM counts")).containsExactly("+I[2, 1]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void hintDecidesIfLookupIsAsync(String async) throws Exception {
    try (Sql sql = withRows(Sql.streaming(1), "NONE")) {
      assertThat(sql.env.explainSql(join("'async'='" + async + "'", "'a'")))
          .contains("LookupJoin(")
          .satisfies(
              plan -> assertThat(plan.contains("async=[")).isEqualTo(Boolean.parseBoolean(async)));
      assertThat(sql.env.explainSql(join("", "'a'"))).contains("async=[");
    }
  }

  private static Sql withRows(Sql sql, String cache) throws Exception {
    return sql.table(
            "dim",
            "id STRING, n INT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED",
            "store",
            "faulty",
            "version.column",
            "v",
            "lookup.cache",
            cache)
        .run("INSERT INTO dim VALUES ('a', 1, 1), ('b', 2, 1)");
  }

  /** Returns a query that left-joins these ids. */
  private static String join(String hint, String... ids) {
    List<String> values = new ArrayList<>();
    for (String id : ids) {
      values.add("(" + id + ")");
    }
    return "SELECT "
        + (hint.isEmpty() ? "" : "/*+ LOOKUP('table'='d', " + hint + ") */ ")
        + "o.id, d.n FROM (SELECT id, PROCTIME() AS p FROM (VALUES "
        + String.join(", ", values)
        + ") AS x (id)) o LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p d ON o.id = d.id";
  }

  /** Joins six rows, one per checkpoint, and writes them to the table 'target'. */
  private static void joinOnePerCheckpoint(Sql sql, String hint) throws Exception {
    sql.table(
        "target", "k BIGINT, id STRING, n INT, PRIMARY KEY (k) NOT ENFORCED", "version", "arrival");
    countedOnePerCheckpoint(
        sql,
        "SELECT "
            + (hint.isEmpty() ? "" : "/*+ LOOKUP('table'='d', " + hint + ") */ ")
            + "o.k, o.id, d.n FROM (SELECT k, IF(MOD(k, 2) = 0, 'a', 'b') AS id, PROCTIME() AS p"
            + " FROM asked) o LEFT JOIN dim FOR SYSTEM_TIME AS OF o.p d ON o.id = d.id");
    sql.run("INSERT INTO target SELECT k, id, n FROM counted");
  }

  /**
   * Creates the view 'asked', which emits one row per checkpoint, and the view 'counted', which
   * contains the rows of the join and counts completed checkpoints.
   */
  private static void countedOnePerCheckpoint(Sql sql, String join) {
    DataGeneratorSource<Long> numbers =
        new DataGeneratorSource<>(n -> n, 6, RateLimiterStrategy.perCheckpoint(1), Types.LONG);
    sql.env.createTemporaryView(
        "asked",
        sql.env.fromDataStream(
            sql.streams.fromSource(numbers, WatermarkStrategy.noWatermarks(), "numbers"),
            Schema.newBuilder().columnByExpression("k", "f0").column("f0", "BIGINT").build()));
    sql.env.createTemporaryView(
        "counted",
        sql.env.fromDataStream(
            sql.env
                .toDataStream(sql.env.sqlQuery(join))
                .process(new CountsCheckpoints())
                .returns(
                    Types.ROW_NAMED(
                        new String[] {"k", "id", "n"}, Types.LONG, Types.STRING, Types.INT)),
            Schema.newBuilder()
                .column("k", "BIGINT")
                .column("id", "STRING")
                .column("n", "INT")
                .build()));
  }

  private static Sql recovering() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
    Sql sql = Sql.streaming(1);
    sql.streams.configure(configuration);
    sql.streams.enableCheckpointing(20);
    return sql;
  }

  private static List<String> rows(TableResult result) throws Exception {
    List<String> rows = new ArrayList<>();
    try (CloseableIterator<Row> found = result.collect()) {
      found.forEachRemaining(row -> rows.add(row.toString()));
    }
    return rows;
  }

  private static void cancel(TableResult result) {
    result.getJobClient().map(JobClient::cancel).ifPresent(CompletableFuture::join);
  }

  private static long lookups() {
    return (long)
        DimMetrics.snapshot().value(DimMetrics.table("faulty", "dim", DimMetrics.LOOKUPS));
  }

  /** Returns the names of the threads in which Flink's retry delegate sleeps. */
  private static List<String> sleepers() {
    List<String> names = new ArrayList<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              for (StackTraceElement frame : frames) {
                if (frame.getClassName().contains("RetryableAsyncLookupFunctionDelegator")) {
                  names.add(thread.getName());
                  return;
                }
              }
            });
    return names;
  }

  /** Forwards rows and counts completed checkpoints. */
  private static final class CountsCheckpoints extends ProcessFunction<Row, Row>
      implements CheckpointListener {

    @Override
    public void processElement(Row row, Context context, Collector<Row> out) {
      out.collect(row);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      CHECKPOINTS.incrementAndGet();
    }
  }
}
