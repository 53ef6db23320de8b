// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.FeedFollower;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests resharding, trimming, outdated lists and expired iterators with {@link FakeStreams}. */
class StreamFeedTest {

  private static final TableSpec SPEC =
      new TableSpec(
          "fake",
          List.of(new Column("k", DataType.STRING), new Column("n", DataType.Simple.INT)),
          List.of("k"));

  private static final long MADE = System.currentTimeMillis();

  private FakeStreams streams;
  private DimensionStore store;
  private ChangeFeed feed;

  @BeforeEach
  void open() throws IOException {
    streams = new FakeStreams();
    store = opened(streams);
    feed = (ChangeFeed) store.table(SPEC);
  }

  static DimensionStore opened(FakeStreams streams) {
    return DimensionStores.open(
        "dynamodb",
        Map.of("endpoint", streams.address(), "access-key", "a", "secret-key", "s"),
        StoreMetrics.NONE,
        InstantSource.system());
  }

  @AfterEach
  void close() {
    store.close();
    streams.close();
  }

  @Test
  void aParentIsReadToItsEndBeforeItsChildren() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    streams.put(shard(0), "b", 1);
    streams.end(shard(0));
    streams.open(shard(1), shard(0));
    streams.open(shard(2), shard(0));
    streams.put(shard(1), "a", 2);
    streams.put(shard(2), "b", 2);
    streams.end(shard(1));
    streams.open(shard(3), shard(1));
    streams.put(shard(3), "a", 3);
    List<FeedPosition> start = follow(Start.EARLIEST);
    assertThat(start).as("the children wait for their parent").hasSize(1);
    // Polls depth first and the last child first, to show that a child is found only after the end
    // of its parent.
    List<String> found = readAll(start, 1);
    assertThat(found).containsExactlyInAnyOrder("a@1", "b@1", "a@2", "b@2", "a@3");
    assertThat(found.indexOf("a@2")).isBetween(found.indexOf("a@1"), found.indexOf("a@3"));
    assertThat(found.indexOf("b@2")).isGreaterThan(found.indexOf("b@1"));
  }

  @Test
  void aShardThatEndsWaitsForItsChildren() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    List<FeedPosition> latest = follow(Start.LATEST);
    streams.put(shard(0), "a", 2);
    streams.end(shard(0));
    FeedPage page = poll(latest.get(0));
    assertThat(texts(page)).containsExactly("a@2");
    FeedPosition end = page.next().get(0);
    assertThat(poll(end).next()).as("no child yet").containsExactly(end);
    streams.open(shard(1), shard(0));
    streams.put(shard(1), "a", 3);
    List<String> found = new ArrayList<>();
    pollUntil("a@3", new ArrayList<>(List.of(end)), found);
    assertThat(found).containsExactly("a@3");
  }

  @Test
  void anExpiredIteratorIsRenewedFromWhatWasReadLast() {
    streams.open(shard(0), null);
    List<FeedPosition> latest = follow(Start.LATEST);
    streams.put(shard(0), "a", 1);
    streams.put(shard(0), "a", 2);
    FeedPage first = FaultFixture.await(feed.poll(latest.get(0), 1));
    streams.expireIterators();
    FeedPage second = FaultFixture.await(feed.poll(first.next().get(0), 10));
    assertThat(texts(first)).containsExactly("a@1");
    assertThat(texts(second)).containsExactly("a@2");
    assertThat(streams.asked()).contains("GetShardIterator AFTER_SEQUENCE_NUMBER");
  }

  @Test
  void aLatestPositionWhoseIteratorExpiredLosesNothing() {
    streams.open(shard(0), null);
    List<FeedPosition> latest = follow(Start.LATEST);
    streams.expireIterators();
    streams.put(shard(0), "a", 1);
    assertThat(texts(poll(latest.get(0)))).containsExactly("a@1");
  }

  @Test
  void trimmedRecordsAreAnErrorWithTheRemedy() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    FeedPosition read = poll(follow(Start.EARLIEST).get(0)).next().get(0);
    streams.put(shard(0), "a", 2);
    streams.trim(shard(0));
    assertLost(read);
    streams.expireIterators();
    assertLost(read);
  }

  @Test
  void aMissingShardIsAnError() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    FeedPosition start = follow(Start.EARLIEST).get(0);
    FeedPosition read = poll(start).next().get(0);
    streams.end(shard(0));
    FeedPosition end = poll(read).next().get(0);
    streams.pass(Duration.ofHours(25));
    streams.open(shard(7), shard(6));
    assertLost(start);
    assertLost(read);
    assertLost(end);
  }

  /** Its oldest records may be trimmed, and the service would begin after them without an error. */
  @Test
  void aChildThatIsOpenedAfterADayIsAnError() {
    streams.open(shard(0), null);
    streams.end(shard(0));
    streams.open(shard(1), shard(0));
    FeedPosition end = poll(follow(Start.EARLIEST).get(0)).next().get(0);
    FeedPosition child = poll(end).next().get(0);
    streams.put(shard(1), "a", 1);
    streams.pass(Duration.ofHours(25));
    streams.put(shard(1), "a", 2);
    assertLost(child);
  }

  @Test
  void aDisabledStreamIsAnErrorAtItsEnd() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    List<FeedPosition> start = follow(Start.EARLIEST);
    streams.disable();
    FeedPage last = poll(start.get(0));
    assertThat(texts(last)).containsExactly("a@1");
    assertThat(assertLost(last.next().get(0))).hasMessageContaining("stream was disabled");
  }

  @Test
  void throttlesAndServerErrorsAreRetriedAndOthersAreNot() {
    streams.open(shard(0), null);
    List<FeedPosition> latest = follow(Start.LATEST);
    streams.put(shard(0), "a", 1);
    streams.fail("400 ProvisionedThroughputExceededException", "500 InternalServerError");
    assertThat(texts(poll(latest.get(0)))).containsExactly("a@1");
    streams.fail("400 AccessDeniedException");
    assertThat(FaultFixture.failureOf(feed.poll(latest.get(0), 10)).kind()).isEqualTo(Kind.DENIED);
    streams.fail("400 LimitExceededException");
    assertThat(FaultFixture.failureOf(feed.poll(latest.get(0), 10)).kind())
        .isEqualTo(Kind.THROTTLED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dynamodb/feed/2/YXJu/s/h1/-",
        "dynamodb/feed/2/x/s/h1/-",
        "dynamodb/feed/2/!/s/h1/-",
        "dynamodb/feed/2/x/s/h/-",
        "dynamodb/1/0/1/-/-/-/-/-"
      })
  void aTokenOfAnotherFormatIsRefused(String text) {
    assertThat(FaultFixture.failureOf(feed.poll(new FeedPosition(text), 10)).kind())
        .isEqualTo(Kind.INVALID);
  }

  /** The service lists one child of a split first, and the other one later. */
  @Test
  void aSiblingThatIsListedLaterIsFollowed() {
    streams.open(shard(0), null);
    List<FeedPosition> positions = new ArrayList<>(follow(Start.LATEST));
    streams.put(shard(0), "a", 1);
    streams.end(shard(0));
    streams.open(shard(1), shard(0));
    streams.open(shard(2), shard(0));
    streams.hide(shard(2));
    streams.put(shard(1), "a", 2);
    streams.put(shard(2), "b", 1);
    List<String> found = new ArrayList<>();
    pollUntil("a@2", positions, found);
    streams.show(shard(2));
    pollUntil("b@1", positions, found);
    assertThat(found).containsExactly("a@1", "a@2", "b@1");
  }

  /** The positions are taken before the second child of a split is listed. */
  @ParameterizedTest
  @EnumSource(Start.class)
  void aSiblingThatIsListedAfterTheStartIsFollowed(Start start) {
    streams.open(shard(0), null);
    streams.end(shard(0));
    streams.open(shard(1), shard(0));
    streams.open(shard(2), shard(0));
    streams.hide(shard(2));
    List<FeedPosition> positions = new ArrayList<>(follow(start));
    streams.put(shard(2), "b", 1);
    streams.show(shard(2));
    pollUntil("b@1", positions, new ArrayList<>());
  }

  @Test
  void aClosedShardWhoseChildIsNotListedYetIsFollowed() {
    streams.open(shard(0), null);
    streams.open(shard(9), null);
    streams.end(shard(0));
    streams.open(shard(1), shard(0));
    streams.hide(shard(1));
    List<FeedPosition> positions = new ArrayList<>(follow(Start.LATEST));
    streams.put(shard(1), "a", 1);
    streams.put(shard(9), "b", 1);
    List<String> found = new ArrayList<>();
    pollUntil("b@1", positions, found);
    streams.show(shard(1));
    pollUntil("a@1", positions, found);
  }

  /** A child is listed although its parent is not. */
  @Test
  void aParentThatIsNotListedIsReadBeforeItsChildren() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    streams.end(shard(0));
    streams.open(shard(1), shard(0));
    streams.put(shard(1), "a", 2);
    streams.hide(shard(0));
    List<FeedPosition> positions = new ArrayList<>(follow(Start.EARLIEST));
    List<String> found = new ArrayList<>();
    pollUntil("a@2", positions, found);
    assertThat(found).containsExactly("a@1", "a@2");
  }

  /** A new stream has several shards, which are listed one by one. */
  @ParameterizedTest
  @EnumSource(Start.class)
  void aFirstShardOfANewStreamThatIsListedLaterIsFollowed(Start start) throws IOException {
    store.close();
    streams.close();
    streams = new FakeStreams(LocalDateTime.now(ZoneOffset.UTC));
    store = opened(streams);
    feed = (ChangeFeed) store.table(SPEC);
    streams.open(shard(0), null);
    streams.open(shard(1), null);
    streams.hide(shard(1));
    List<FeedPosition> positions = new ArrayList<>(follow(start));
    streams.put(shard(1), "b", 1);
    streams.show(shard(1));
    pollUntil("b@1", positions, new ArrayList<>());
  }

  /** The records of the oldest position are trimmed, and the service would begin after them. */
  @ParameterizedTest
  @EnumSource(Start.class)
  void aPositionOlderThanTheTrimmedRecordsIsAnError(Start start) {
    streams.open(shard(0), null);
    FeedPosition position = follow(start).get(0);
    streams.put(shard(0), "a", 1);
    streams.pass(Duration.ofHours(25));
    streams.expireIterators();
    streams.put(shard(0), "c", 1);
    assertLost(position);
  }

  /**
   * The position at the end of a shard is a day old, and the records of the child may be trimmed.
   */
  @Test
  void anEndOfAShardOlderThanTheTrimmedRecordsIsAnError() {
    streams.open(shard(0), null);
    FeedPosition latest = follow(Start.LATEST).get(0);
    streams.end(shard(0));
    FeedPosition end = poll(latest).next().get(0);
    streams.open(shard(1), shard(0));
    streams.put(shard(1), "a", 1);
    FeedPage children = poll(waited(end));
    assertThat(children.next()).as("the child, and the end of its parent").hasSize(2);
    streams.end(shard(1));
    streams.pass(Duration.ofHours(25));
    streams.open(shard(2), shard(1));
    assertLost(end);
    children.next().forEach(this::assertLost);
  }

  @Test
  void theEndOfAShardIsDroppedWhenNoFurtherChildIsExpected() {
    streams.open(shard(0), null);
    FeedPosition latest = follow(Start.LATEST).get(0);
    streams.end(shard(0));
    FeedPosition end = poll(latest).next().get(0);
    streams.open(shard(1), shard(0));
    FeedPage children = poll(waited(end));
    FeedPosition rest =
        children.next().stream().filter(p -> p.token().contains("/e")).findFirst().orElseThrow();
    assertThat(poll(rest).next()).containsExactly(rest);
    streams.pass(Duration.ofHours(7));
    // The service's time is in the next response.
    follow(Start.LATEST);
    assertThat(poll(rest).next()).isEmpty();
  }

  /** All positions that wait for children share one list, which is read rarely. */
  @Test
  void waitingForChildrenListsShardsRarely() {
    for (int i = 0; i < 20; i++) {
      streams.open(shard(i), null);
    }
    List<FeedPosition> positions = new ArrayList<>(follow(Start.LATEST));
    for (int i = 0; i < 20; i++) {
      streams.end(shard(i));
    }
    for (int round = 0; round < 20; round++) {
      List<FeedPosition> before = List.copyOf(positions);
      positions.clear();
      before.forEach(position -> positions.addAll(poll(position).next()));
    }
    assertThat(positions).hasSize(20);
    // A list is 20 pages long here; ten may be read at once, then one in two seconds.
    long pages = streams.asked().stream().filter(asked -> asked.equals("DescribeStream")).count();
    assertThat(pages).as("pages of lists for 400 polls").isLessThanOrEqualTo(20 * 40);
  }

  @Test
  void anItemWhoseKeyCannotBeReadDoesNotEndTheFeed() {
    streams.open(shard(0), null);
    List<FeedPosition> latest = follow(Start.LATEST);
    streams.putForeignKey(shard(0));
    streams.put(shard(0), "a", 1);
    FeedPage page = poll(latest.get(0));
    assertThat(texts(page)).containsExactly("a@1");
    assertThat(page.unreadable()).hasSize(1);
    assertThat(page.unreadable().get(0).key()).isNull();
  }

  @Test
  void aFollowerContinuesThroughSplitsAndFailures() {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    List<String> found = new CopyOnWriteArrayList<>();
    streams.open(shard(0), null);
    try (FeedFollower follower =
        FeedFollower.start(
            feed,
            follow(Start.LATEST),
            page -> {
              found.addAll(texts(page));
              return CompletableFuture.completedFuture(null);
            },
            10,
            Duration.ofMillis(5),
            timer)) {
      streams.put(shard(0), "a", 1);
      FaultFixture.until("a@1", () -> found.contains("a@1"));
      streams.fail("400 LimitExceededException");
      streams.expireIterators();
      streams.put(shard(0), "a", 2);
      streams.open(shard(1), shard(0));
      streams.end(shard(0));
      streams.put(shard(1), "a", 3);
      FaultFixture.until("a@3", () -> found.contains("a@3"));
      assertThat(found).containsExactly("a@1", "a@2", "a@3");
      FaultFixture.until(
          "its position", () -> follower.positions().toString().contains("/" + shard(1) + "/a"));
      streams.drop(shard(1));
      assertThat(FaultFixture.failureOf(follower.ended()).kind()).isEqualTo(Kind.NO_TABLE);
    } finally {
      timer.shutdownNow();
    }
  }

  private StoreException assertLost(FeedPosition position) {
    StoreException failure = FaultFixture.failureOf(feed.poll(position, 10));
    assertThat(failure.kind()).isEqualTo(Kind.NO_TABLE);
    assertThat(failure).hasMessageContaining("lost").hasMessageContaining("LATEST");
    return failure;
  }

  /** Polls all positions until this change is found. */
  private void pollUntil(String expected, List<FeedPosition> positions, List<String> found) {
    FaultFixture.until(
        expected,
        () -> {
          List<FeedPosition> before = List.copyOf(positions);
          positions.clear();
          for (FeedPosition position : before) {
            FeedPage page = poll(position);
            found.addAll(texts(page));
            positions.addAll(page.next());
          }
          return found.contains(expected);
        });
  }

  /**
   * Waits until the list of shards contains a child of the position's shard; returns the position.
   */
  private FeedPosition waited(FeedPosition end) {
    FaultFixture.until("a child", () -> poll(end).next().size() > 1);
    return end;
  }

  private List<FeedPosition> follow(Start start) {
    return FaultFixture.await(feed.follow(start));
  }

  private FeedPage poll(FeedPosition position) {
    return FaultFixture.await(feed.poll(position, 10));
  }

  /** Polls the positions in reverse order, until a round over all positions finds nothing. */
  private List<String> readAll(List<FeedPosition> start, int most) {
    Deque<FeedPosition> positions = new ArrayDeque<>(start);
    List<String> found = new ArrayList<>();
    for (int idle = 0; idle < 3 * positions.size(); ) {
      FeedPage page = FaultFixture.await(feed.poll(positions.pollLast(), most));
      found.addAll(texts(page));
      boolean waiting = page.changes().isEmpty() && page.next().size() == 1;
      idle = waiting ? idle + 1 : 0;
      page.next().forEach(next -> add(positions, next, waiting));
    }
    return found;
  }

  private static void add(Deque<FeedPosition> positions, FeedPosition next, boolean waiting) {
    if (waiting) {
      positions.addFirst(next);
    } else {
      positions.addLast(next);
    }
  }

  private static List<String> texts(FeedPage page) {
    return page.changes().stream()
        .map(change -> change.key().get(0) + "@" + change.version())
        .toList();
  }

  private static String shard(int number) {
    return String.format("shardId-%020d-%08x", MADE, number);
  }
}
