// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.breaker.SlowAnswers;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.entry.RedisEntries;
import io.dimstore.hbaseredis.internal.hbase.HBaseRows;
import io.dimstore.hbaseredis.internal.options.HBaseRedisOptions;
import io.dimstore.hbaseredis.internal.redis.RedisServers;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.support.CommonOptions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.hbase.KeyValue;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.CheckAndMutate;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.params.ScanParams;

/** Answers that do not match the request are errors, never absent rows. */
class AnswerChecksTest {

  private static final byte[] F = {'f'};

  private static byte[] row(String name) {
    return Utf8.encode(name);
  }

  private static Result result(String row) {
    return Result.create(List.of(new KeyValue(row(row), F, F, 1, F)));
  }

  private static List<Result> results(String... rows) {
    return Arrays.stream(rows).map(AnswerChecksTest::result).toList();
  }

  private static void assertUnavailable(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .satisfies(
            failure -> {
              StoreException known = StoreException.find(failure);
              assertThat(known).as("%s", failure).isNotNull();
              assertThat(known.kind()).isEqualTo(Kind.UNAVAILABLE);
              assertThat(known).hasMessageContaining(words);
            });
  }

  @Test
  void getsAreAnsweredByTheirOwnRowsOrNone() {
    List<byte[]> asked = List.of(row("a"), row("b"));
    AnswerChecks.requireRows(asked, results("a", "b"));
    AnswerChecks.requireRows(asked, List.of(Result.EMPTY_RESULT, result("b")));
    assertUnavailable(
        () -> AnswerChecks.requireRows(asked, results("a")), "1 answers to 2 requests");
    assertUnavailable(
        () -> AnswerChecks.requireRows(asked, results("b", "a")), "row b where row a");
    assertUnavailable(
        () -> AnswerChecks.requireRows(asked, Arrays.asList(result("a"), null)),
        "nothing for row b");
  }

  @Test
  void rowsOfScansAreInRangeAndInOrder() {
    Scan scan = new Scan().withStartRow(row("b"), false).withStopRow(row("e")).setLimit(2);
    assertThat(AnswerChecks.requireInRange(scan, results("c", "d"))).hasSize(2);
    assertThat(AnswerChecks.requireInRange(scan, List.of())).isEmpty();
    assertUnavailable(() -> AnswerChecks.requireInRange(scan, results("b", "c")), "row b");
    assertUnavailable(() -> AnswerChecks.requireInRange(scan, results("d", "c")), "row c");
    assertUnavailable(() -> AnswerChecks.requireInRange(scan, results("c", "c")), "row c");
    assertUnavailable(() -> AnswerChecks.requireInRange(scan, results("d", "e")), "row e");
    assertUnavailable(() -> AnswerChecks.requireInRange(scan, results("c", "d", "dd")), "3 rows");
    Scan open = new Scan().withStartRow(row("b"), true);
    assertThat(AnswerChecks.requireInRange(open, results("b", "z"))).hasSize(2);
  }

  /** A region server never answers like this, so a fake table does. */
  @Test
  void unrelatedAnswersOfHBaseFailReadsScansAndGuardedSteps() {
    List<byte[]> asked = List.of(row("a"), row("b"));
    List<Key> keys = List.of(Key.of("a"), Key.of("b"));
    Layout layout = new Layout(Users.spec("users"));
    Projection all = Projection.of(0, 1);
    HBaseRows gets = rows(layout, Map.of("getAll", results("a", "c")));
    assertUnavailable(
        () -> gets.read(keys, asked, all, 0, (key, why) -> {}).join(), "row c where row b");
    HBaseRows scans = rows(layout, Map.of("scanAll", results("c", "b")));
    assertUnavailable(() -> scans.scan(new Scan()).join(), "row b");
    HBaseRows steps = rows(layout, Map.of("checkAndMutateAll", List.of()));
    CheckAndMutate step =
        CheckAndMutate.newBuilder(row("a")).ifNotExists(F, F).build(new Delete(row("a")));
    assertUnavailable(() -> steps.applyIf(List.of(step)).join(), "0 answers to 1 requests");
  }

  @SuppressWarnings("unchecked")
  private static HBaseRows rows(Layout layout, Map<String, List<?>> answers) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          List<?> answer = answers.get(method.getName());
          boolean each = method.getReturnType() == List.class;
          return each
              ? answer.stream().map(CompletableFuture::completedFuture).toList()
              : CompletableFuture.completedFuture(answer);
        };
    AsyncTable<AdvancedScanResultConsumer> table =
        (AsyncTable<AdvancedScanResultConsumer>)
            Proxy.newProxyInstance(
                AnswerChecksTest.class.getClassLoader(),
                new Class<?>[] {AsyncTable.class},
                handler);
    return new HBaseRows(
        name -> CompletableFuture.completedFuture(table), new Meter(StoreMetrics.NONE), layout);
  }

  /**
   * A real Redis always answers a multi-key read with one value for each key, so a fake one is
   * used.
   */
  @Test
  void valuesOfRedisAreAsManyAsTheKeys() {
    StoreConfig config =
        StoreConfig.parse(
            "store",
            HBaseRedisOptions.all(),
            StoreOption.Scope.STORE,
            Map.of("zookeeper.quorum", "none", CommonOptions.DEADLINE.name(), "1 s"));
    Layout layout = new Layout(Users.spec("users"));
    Meter meter = new Meter(StoreMetrics.NONE);
    RedisEntries copy =
        new RedisEntries(new ShortRedis(), meter, config, layout, new EntryCodec(layout));
    CompletableFuture<?> read = copy.read(List.of(row("a"), row("b")));
    assertUnavailable(read::join, "Redis answered 1 answers to 2 requests");
  }

  /** Returns one value fewer than requested. */
  private static final class ShortRedis implements RedisServers {
    @Override
    public CompletableFuture<List<byte[]>> values(List<byte[]> names, RequestPurpose purpose) {
      return CompletableFuture.completedFuture(
          new ArrayList<>(Collections.nCopies(names.size() - 1, null)));
    }

    @Override
    public <T> CompletableFuture<T> run(
        Operation operation, ScriptCall<T> call, RequestPurpose purpose) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Found> scan(
        String cursor, ScanParams params, int count, RequestPurpose purpose) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Void> ping() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean allow(RequestPurpose purpose) {
      return true;
    }

    @Override
    public Collection<Breaker> breakers() {
      return List.of();
    }

    @Override
    public SlowAnswers slow() {
      return new SlowAnswers(timeout(), timeout());
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(1);
    }

    @Override
    public void close() {}
  }
}
