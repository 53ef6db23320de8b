// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests that responses that do not match the request are failures, and never an absence or a
 * success.
 */
class WrongAnswersIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private FaultFixture fixture;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    fixture = new FaultFixture(stack);
    spec = fixture.created();
    table = fixture.table(spec);
  }

  @AfterEach
  void close() throws IOException {
    fixture.close();
  }

  /** Rewrites the next response, and asserts that the pattern occurred. */
  private void rewrite(String target, String pattern, String replacement) {
    fixture.proxy.next(
        target,
        Fault.rewritten(
            answer -> {
              String other = answer.replaceFirst(pattern, replacement);
              assertThat(other).as("changed answer").isNotEqualTo(answer);
              return other;
            }));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "another key's item | \"S\":\"k0\" | \"S\":\"zz\"",
        "an item twice | \"S\":\"k1\" | \"S\":\"k0\"},\"n\":{\"N\":\"0\"}},{\"k\":{\"S\":\"k1\"",
        "a key that is none | \\{\"S\":\"k0\"\\} | {\"N\":\"0\"}",
        "another table's unprocessed keys | \"UnprocessedKeys\":\\{ |"
            + " \"UnprocessedKeys\":{\"other\":{\"Keys\":[{\"k\":{\"S\":\"k1\"}}]}"
      })
  void aLookupWithAForeignResponseFails(String what, String pattern, String replacement) {
    List<Change> rows = FaultFixture.rows(2, 1);
    FaultFixture.await(table.write(rows));
    rewrite("BatchGetItem", pattern, replacement);
    StoreException failure = FaultFixture.failureOf(table.get(FaultFixture.keys(rows), spec.all()));
    assertThat(failure.kind()).as(what).isEqualTo(Kind.UNAVAILABLE);
    assertThat(FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all()))).isEqualTo(rows);
  }

  @Test
  void anUnrequestedUnprocessedKeyFailsTheLookup() {
    FaultFixture.await(table.write(FaultFixture.rows(2, 1)));
    fixture.proxy.next(
        "BatchGetItem",
        Fault.answer(
            200,
            "{\"Responses\":{\"T\":[]},\"UnprocessedKeys\":{\"T\":{\"Keys\":[{\"k\":{\"S\":\"zz\"}}]}}}"
                .replace("T", spec.name())));
    StoreException failure =
        FaultFixture.failureOf(table.get(List.of(Key.of("k0"), Key.of("k1")), spec.all()));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aPutWithAnotherTablesConsumedCapacityIsRetried() {
    List<Change> rows = FaultFixture.rows(1, 1);
    rewrite("PutItem", Pattern.quote(spec.name()), "other");
    FaultFixture.await(table.write(rows));
    assertThat(fixture.proxy.requests("PutItem")).isEqualTo(2);
  }

  /**
   * Responses have the order of the statements. A response with another key shows that they do not
   * match.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"TableName\":\"other\"}",
        "{\"Error\":{\"Code\":\"ConditionalCheckFailed\",\"Item\":{\"k\":{\"S\":\"k7\"},"
            + "\"__dim_v\":{\"N\":\"9\"}}}}"
      })
  void statementsWithForeignResponsesAcknowledgeNothing(String first) {
    List<Change> rows = FaultFixture.rows(4, 1);
    fixture.proxy.next(
        "BatchExecuteStatement", Fault.answer(200, "{\"Responses\":[" + first + ",{},{},{}]}"));
    assertThat(FaultFixture.failureOf(table.write(rows)).kind()).isEqualTo(Kind.UNAVAILABLE);
    FaultFixture.await(table.write(rows));
    assertThat(FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all()))).isEqualTo(rows);
  }

  @Test
  void unprocessedItemsOfAnotherTableAcknowledgeNothing() throws IOException {
    try (FaultFixture unguarded = new FaultFixture(stack, "write-guard", "unguarded-last-write")) {
      unguarded.proxy.next(
          "BatchWriteItem",
          Fault.answer(
              200,
              "{\"UnprocessedItems\":{\"other\":[{\"PutRequest\":{\"Item\":{\"k\":{\"S\":\"k0\"}}}}]},"
                  + "\"ConsumedCapacity\":[{\"TableName\":\""
                  + spec.name()
                  + "\",\"CapacityUnits\":1}]}"));
      List<Change> rows = FaultFixture.rows(1, 1);
      FaultFixture.await(unguarded.table(spec).write(rows));
      assertThat(FaultFixture.await(table.get(FaultFixture.keys(rows), spec.all())))
          .isEqualTo(rows);
    }
  }

  @Test
  void aScanOfAnotherTablesItemsFails() {
    FaultFixture.await(table.write(FaultFixture.rows(2, 1)));
    ScanSplit split = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    rewrite("Scan", Pattern.quote(spec.name()), "other");
    assertThat(FaultFixture.failureOf(table.scan(split, 10)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aSplitOfAnotherTableIsRefused() {
    TableSpec other = fixture.created();
    FaultFixture.await(table.write(FaultFixture.rows(20, 1)));
    FaultFixture.await(fixture.table(other).write(FaultFixture.rows(20, 1)));
    ScanSplit split = FaultFixture.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    ScanPage page = FaultFixture.await(table.scan(split, 10));
    for (ScanSplit foreign : List.of(split, page.remaining())) {
      StoreException failure = FaultFixture.failureOf(fixture.table(other).scan(foreign, 100));
      assertThat(failure.kind()).isEqualTo(Kind.INVALID);
      assertThat(failure).hasMessageContaining(spec.name()).hasMessageContaining(other.name());
    }
  }

  @Test
  void aDescriptionOfAnotherTableFailsValidation() {
    rewrite("DescribeTable", Pattern.quote(spec.name()), "other");
    assertThat(FaultFixture.failureOf(fixture.store.validate(spec)).kind())
        .isEqualTo(Kind.UNAVAILABLE);
  }

  /** The SDK takes an empty object for a shard that has ended, or for a stream without shards. */
  @ParameterizedTest
  @CsvSource({"GetRecords", "GetShardIterator", "DescribeStream"})
  void anEmptyStreamResponseIsNotTheEndOfTheShard(String target) {
    TableSpec plain = FaultFixture.spec();
    TableSpec followed =
        new TableSpec(
            plain.name(), plain.columns(), plain.keyColumns(), Map.of("change-feed", "true"));
    FaultFixture.await(fixture.store.createIfAbsent(followed));
    ChangeFeed feed = (ChangeFeed) fixture.table(followed);
    FeedPosition start =
        FaultFixture.await(feed.follow(ChangeFeed.Start.EARLIEST)).stream()
            .filter(position -> position.token().contains("/h"))
            .findFirst()
            .orElseThrow();
    fixture.proxy.next(target, Fault.answer(200, "{}"));
    StoreException failure =
        target.equals("DescribeStream")
            ? FaultFixture.failureOf(feed.follow(ChangeFeed.Start.LATEST))
            : FaultFixture.failureOf(feed.poll(start, 10));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(FaultFixture.await(feed.poll(start, 10)).next()).isNotEmpty();
  }

  /**
   * The service removes tombstones by its own clock, so a writer whose clock is behind must allow
   * for that.
   */
  @Test
  void aWriterWithASlowClockKeepsTheRetentionOfTombstones() {
    Duration ahead = Duration.ofDays(2);
    String[] written = new String[1];
    fixture.proxy.otherwise(
        target ->
            exchange -> {
              if (target.equals("PutItem")) {
                written[0] = exchange.text();
              }
              exchange.answer(
                  exchange
                      .ask()
                      .with(
                          "date",
                          DateTimeFormatter.RFC_1123_DATE_TIME.format(
                              Instant.now().plus(ahead).atOffset(ZoneOffset.UTC))));
            });
    // The response to this request has the service's time.
    FaultFixture.await(table.get(List.of(Key.of("k")), spec.all()));
    FaultFixture.until(
        "the difference is noticed",
        () -> {
          FaultFixture.await(table.get(List.of(Key.of("k")), spec.all()));
          return fixture.gauges.getOrDefault("clock.skew.ms", 0L) > ahead.toMillis() - 60_000;
        });
    FaultFixture.await(table.write(List.of(new Delete(Key.of("k"), 1))));
    Matcher end = Pattern.compile("\"__dim_ttl\":\\{\"N\":\"(\\d+)\"").matcher(written[0]);
    assertThat(end.find()).isTrue();
    assertThat(Instant.ofEpochSecond(Long.parseLong(end.group(1))))
        .isAfter(Instant.now().plus(ahead).plus(Duration.ofDays(7)).minusSeconds(60));
  }
}
