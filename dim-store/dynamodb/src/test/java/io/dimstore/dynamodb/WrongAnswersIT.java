package io.dimstore.dynamodb;

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
import io.dimstore.stack.Server;
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

/** Answers that match nothing that was asked are failures, and never an absence or a success. */
class WrongAnswersIT {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with(Server.DYNAMODB);

  private FaultRig rig;
  private TableSpec spec;
  private DimensionTable table;

  @BeforeAll
  static void warmUp() throws IOException {
    FaultRig.warmUp(stack);
  }

  @BeforeEach
  void open() throws IOException {
    rig = new FaultRig(stack);
    spec = rig.created();
    table = rig.table(spec);
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  /** Rewrites the next answer, and asserts that there was something to rewrite. */
  private void rewrite(String target, String pattern, String replacement) {
    rig.proxy.next(
        target,
        WireFault.rewritten(
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
  void aLookupWhoseAnswerIsNotItsOwnFails(String what, String pattern, String replacement) {
    List<Change> rows = FaultRig.rows(2, 1);
    FaultRig.await(table.write(rows));
    rewrite("BatchGetItem", pattern, replacement);
    StoreException failure = FaultRig.failureOf(table.get(FaultRig.keys(rows), spec.all()));
    assertThat(failure.kind()).as(what).isEqualTo(Kind.UNAVAILABLE);
    assertThat(FaultRig.await(table.get(FaultRig.keys(rows), spec.all()))).isEqualTo(rows);
  }

  @Test
  void aKeyThatWasNotAskedIsNotTakenForUnprocessed() {
    FaultRig.await(table.write(FaultRig.rows(2, 1)));
    rig.proxy.next(
        "BatchGetItem",
        WireFault.answer(
            200,
            "{\"Responses\":{\"T\":[]},\"UnprocessedKeys\":{\"T\":{\"Keys\":[{\"k\":{\"S\":\"zz\"}}]}}}"
                .replace("T", spec.name())));
    StoreException failure =
        FaultRig.failureOf(table.get(List.of(Key.of("k0"), Key.of("k1")), spec.all()));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aPutThatConsumedAnotherTablesCapacityIsSentAgain() {
    List<Change> rows = FaultRig.rows(1, 1);
    rewrite("PutItem", Pattern.quote(spec.name()), "other");
    FaultRig.await(table.write(rows));
    assertThat(rig.proxy.requests("PutItem")).isEqualTo(2);
  }

  /**
   * The responses of statements come in their order; one that names another key shows otherwise.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"TableName\":\"other\"}",
        "{\"Error\":{\"Code\":\"ConditionalCheckFailed\",\"Item\":{\"k\":{\"S\":\"k7\"},"
            + "\"__dim_v\":{\"N\":\"9\"}}}}"
      })
  void statementsWhoseResponsesAreOthersAcknowledgeNothing(String first) {
    List<Change> rows = FaultRig.rows(4, 1);
    rig.proxy.next(
        "BatchExecuteStatement", WireFault.answer(200, "{\"Responses\":[" + first + ",{},{},{}]}"));
    assertThat(FaultRig.failureOf(table.write(rows)).kind()).isEqualTo(Kind.UNAVAILABLE);
    FaultRig.await(table.write(rows));
    assertThat(FaultRig.await(table.get(FaultRig.keys(rows), spec.all()))).isEqualTo(rows);
  }

  @Test
  void unprocessedItemsOfAnotherTableAcknowledgeNothing() throws IOException {
    try (FaultRig unguarded = new FaultRig(stack, "write-guard", "unguarded-last-write")) {
      unguarded.proxy.next(
          "BatchWriteItem",
          WireFault.answer(
              200,
              "{\"UnprocessedItems\":{\"other\":[{\"PutRequest\":{\"Item\":{\"k\":{\"S\":\"k0\"}}}}]},"
                  + "\"ConsumedCapacity\":[{\"TableName\":\""
                  + spec.name()
                  + "\",\"CapacityUnits\":1}]}"));
      List<Change> rows = FaultRig.rows(1, 1);
      FaultRig.await(unguarded.table(spec).write(rows));
      assertThat(FaultRig.await(table.get(FaultRig.keys(rows), spec.all()))).isEqualTo(rows);
    }
  }

  @Test
  void aScanOfAnotherTablesItemsFails() {
    FaultRig.await(table.write(FaultRig.rows(2, 1)));
    ScanSplit split = FaultRig.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    rewrite("Scan", Pattern.quote(spec.name()), "other");
    assertThat(FaultRig.failureOf(table.scan(split, 10)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void aSplitOfAnotherTableIsRefused() {
    TableSpec other = rig.created();
    FaultRig.await(table.write(FaultRig.rows(20, 1)));
    FaultRig.await(rig.table(other).write(FaultRig.rows(20, 1)));
    ScanSplit split = FaultRig.await(table.splits(1, ScanOptions.rows(spec.all()))).get(0);
    ScanPage page = FaultRig.await(table.scan(split, 10));
    for (ScanSplit foreign : List.of(split, page.remaining())) {
      StoreException failure = FaultRig.failureOf(rig.table(other).scan(foreign, 100));
      assertThat(failure.kind()).isEqualTo(Kind.INVALID);
      assertThat(failure).hasMessageContaining(spec.name()).hasMessageContaining(other.name());
    }
  }

  @Test
  void aTableThatIsDescribedAsAnotherIsNotTakenForValid() {
    rewrite("DescribeTable", Pattern.quote(spec.name()), "other");
    assertThat(FaultRig.failureOf(rig.store.validate(spec)).kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  /** To the SDK an empty object is a shard that has ended, or a stream without shards. */
  @ParameterizedTest
  @CsvSource({"GetRecords", "GetShardIterator", "DescribeStream"})
  void anEmptyAnswerOfAStreamIsNotItsEnd(String target) {
    TableSpec plain = FaultRig.spec();
    TableSpec followed =
        new TableSpec(
            plain.name(), plain.columns(), plain.keyColumns(), Map.of("change-feed", "true"));
    FaultRig.await(rig.store.createIfAbsent(followed));
    ChangeFeed feed = (ChangeFeed) rig.table(followed);
    FeedPosition start =
        FaultRig.await(feed.follow(ChangeFeed.Start.EARLIEST)).stream()
            .filter(position -> position.token().contains("/h"))
            .findFirst()
            .orElseThrow();
    rig.proxy.next(target, WireFault.answer(200, "{}"));
    StoreException failure =
        target.equals("DescribeStream")
            ? FaultRig.failureOf(feed.follow(ChangeFeed.Start.LATEST))
            : FaultRig.failureOf(feed.poll(start, 10));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(FaultRig.await(feed.poll(start, 10)).next()).isNotEmpty();
  }

  /** The service removes tombstones by its own clock: a writer that is behind allows for that. */
  @Test
  void aWriterWhoseClockIsBehindDoesNotShortenATombstonesRetention() {
    Duration ahead = Duration.ofDays(2);
    String[] written = new String[1];
    rig.proxy.otherwise(
        target ->
            wire -> {
              if (target.equals("PutItem")) {
                written[0] = wire.text();
              }
              wire.answer(
                  wire.ask()
                      .with(
                          "date",
                          DateTimeFormatter.RFC_1123_DATE_TIME.format(
                              Instant.now().plus(ahead).atOffset(ZoneOffset.UTC))));
            });
    // The answer to this one tells the time.
    FaultRig.await(table.get(List.of(Key.of("k")), spec.all()));
    FaultRig.until(
        "the difference is noticed",
        () -> {
          FaultRig.await(table.get(List.of(Key.of("k")), spec.all()));
          return rig.gauges.getOrDefault("clock.skew-millis", 0L) > ahead.toMillis() - 60_000;
        });
    FaultRig.await(table.write(List.of(new Delete(Key.of("k"), 1))));
    Matcher end = Pattern.compile("\"__dim_ttl\":\\{\"N\":\"(\\d+)\"").matcher(written[0]);
    assertThat(end.find()).isTrue();
    assertThat(Instant.ofEpochSecond(Long.parseLong(end.group(1))))
        .isAfter(Instant.now().plus(ahead).plus(Duration.ofDays(7)).minusSeconds(60));
  }
}
