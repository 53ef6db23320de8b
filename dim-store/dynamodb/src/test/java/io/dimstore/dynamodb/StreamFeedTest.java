package io.dimstore.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.FeedFollower;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Resharding, trimming and expired iterators, played by {@link FakeStreams}. */
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
    store =
        DimensionStores.open(
            "dynamodb",
            Map.of("endpoint", streams.address(), "access-key", "a", "secret-key", "s"),
            StoreMetrics.NONE,
            InstantSource.system());
    feed = (ChangeFeed) store.table(SPEC);
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
    // Depth first, last child first: only the parent's end gives a child away.
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
    assertThat(readAll(List.of(end), 10)).containsExactly("a@3");
  }

  @Test
  void anExpiredIteratorIsRenewedFromWhatWasReadLast() {
    streams.open(shard(0), null);
    List<FeedPosition> latest = follow(Start.LATEST);
    streams.put(shard(0), "a", 1);
    streams.put(shard(0), "a", 2);
    FeedPage first = FaultRig.await(feed.poll(latest.get(0), 1));
    streams.expireIterators();
    FeedPage second = FaultRig.await(feed.poll(first.next().get(0), 10));
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
  void recordsThatWereTrimmedAreAnErrorWithTheRemedy() {
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
  void aShardThatIsGoneIsAnError() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    FeedPosition start = follow(Start.EARLIEST).get(0);
    FeedPosition read = poll(start).next().get(0);
    streams.end(shard(0));
    FeedPosition end = poll(read).next().get(0);
    streams.drop(shard(0));
    streams.open(shard(7), shard(6));
    assertLost(start);
    assertLost(read);
    assertLost(end);
  }

  /** Its oldest records may be trimmed, and the service would begin behind them without a word. */
  @Test
  void aChildThatIsOpenedAfterADayIsAnError() {
    String old = shard(0);
    String oldChild =
        String.format(
            "shardId-%020d-x", System.currentTimeMillis() - Duration.ofHours(25).toMillis());
    streams.open(old, null);
    streams.end(old);
    streams.open(oldChild, old);
    streams.put(oldChild, "a", 1);
    streams.put(oldChild, "a", 2);
    FeedPosition end = poll(follow(Start.EARLIEST).get(0)).next().get(0);
    FeedPosition child = poll(end).next().get(0);
    assertLost(child);
  }

  @Test
  void aStreamThatIsSwitchedOffIsAnErrorOnceItIsRead() {
    streams.open(shard(0), null);
    streams.put(shard(0), "a", 1);
    List<FeedPosition> start = follow(Start.EARLIEST);
    streams.switchOff();
    FeedPage last = poll(start.get(0));
    assertThat(texts(last)).containsExactly("a@1");
    assertThat(assertLost(last.next().get(0))).hasMessageContaining("switched off");
  }

  @Test
  void throttlesAndServerErrorsAreRetriedAndOthersAreNot() {
    streams.open(shard(0), null);
    List<FeedPosition> latest = follow(Start.LATEST);
    streams.put(shard(0), "a", 1);
    streams.fail("400 ProvisionedThroughputExceededException", "500 InternalServerError");
    assertThat(texts(poll(latest.get(0)))).containsExactly("a@1");
    streams.fail("400 AccessDeniedException");
    assertThat(FaultRig.failureOf(feed.poll(latest.get(0), 10)).kind()).isEqualTo(Kind.DENIED);
    streams.fail("400 LimitExceededException");
    assertThat(FaultRig.failureOf(feed.poll(latest.get(0), 10)).kind()).isEqualTo(Kind.THROTTLED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dynamodb/feed/1/YXJu/s/h/-",
        "dynamodb/feed/2/x/s/h/-",
        "dynamodb/feed/1/!/s/h/-",
        "dynamodb/1/0/1/-/-/-/-/-"
      })
  void otherTextsAreRefused(String text) {
    assertThat(FaultRig.failureOf(feed.poll(new FeedPosition(text), 10)).kind())
        .isEqualTo(Kind.INVALID);
  }

  /** Shards split while a follower reads, fails, expires and goes on from what it stored. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noChangeIsLostOrOutOfOrderWhateverHappensOnTheWay(long seed) {
    Random random = new Random(seed);
    List<String> open = new ArrayList<>(List.of(shard(0)));
    streams.open(shard(0), null);
    // A key lives in one shard, and in one of its children after that.
    Map<String, String> shardOf = new HashMap<>();
    for (int i = 0; i < 12; i++) {
      shardOf.put("k" + i, shard(0));
    }
    Map<String, Integer> versions = new HashMap<>();
    Map<String, List<Integer>> found = new HashMap<>();
    List<FeedPosition> positions = new ArrayList<>(follow(Start.LATEST));
    int shards = 1;
    for (int step = 0; step < 300; step++) {
      String key = "k" + random.nextInt(12);
      streams.put(shardOf.get(key), key, versions.merge(key, 1, Integer::sum));
      if (random.nextInt(25) == 0) {
        String parent = open.remove(random.nextInt(open.size()));
        List<String> children = List.of(shard(shards++), shard(shards++));
        children.forEach(child -> streams.open(child, parent));
        streams.end(parent);
        open.addAll(children);
        shardOf.replaceAll((k, s) -> s.equals(parent) ? children.get(random.nextInt(2)) : s);
      }
      if (random.nextInt(20) == 0) {
        streams.expireIterators();
      }
      if (random.nextInt(60) == 0) {
        streams.fail("500 InternalServerError");
      }
      if (random.nextInt(3) == 0) {
        FeedPosition polled = positions.remove(random.nextInt(positions.size()));
        FeedPage page = FaultRig.await(feed.poll(polled, 1 + random.nextInt(5)));
        take(page, found);
        positions.addAll(page.next());
      }
    }
    FaultRig.until(
        "all of seed " + seed,
        () -> {
          List<FeedPosition> before = List.copyOf(positions);
          positions.clear();
          for (FeedPosition position : before) {
            FeedPage page = poll(position);
            take(page, found);
            positions.addAll(page.next());
          }
          return found.values().stream().mapToInt(List::size).sum() >= 300;
        });
    versions.forEach(
        (key, last) ->
            assertThat(found.get(key))
                .as("versions of %s, seed %d", key, seed)
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(last));
  }

  @Test
  void aFollowerGoesOnThroughSplitsAndFailures() {
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
      FaultRig.until("a@1", () -> found.contains("a@1"));
      streams.fail("400 LimitExceededException");
      streams.expireIterators();
      streams.put(shard(0), "a", 2);
      streams.open(shard(1), shard(0));
      streams.end(shard(0));
      streams.put(shard(1), "a", 3);
      FaultRig.until("a@3", () -> found.contains("a@3"));
      assertThat(found).containsExactly("a@1", "a@2", "a@3");
      FaultRig.until(
          "its position", () -> follower.positions().toString().contains("/" + shard(1) + "/a"));
      streams.drop(shard(1));
      assertThat(FaultRig.failureOf(follower.ended()).kind()).isEqualTo(Kind.NO_TABLE);
    } finally {
      timer.shutdownNow();
    }
  }

  private static void take(FeedPage page, Map<String, List<Integer>> found) {
    for (Change change : page.changes()) {
      found
          .computeIfAbsent((String) change.key().get(0), k -> new ArrayList<>())
          .add((int) change.version());
    }
  }

  private StoreException assertLost(FeedPosition position) {
    StoreException failure = FaultRig.failureOf(feed.poll(position, 10));
    assertThat(failure.kind()).isEqualTo(Kind.NO_TABLE);
    assertThat(failure).hasMessageContaining("lost").hasMessageContaining("LATEST");
    return failure;
  }

  private List<FeedPosition> follow(Start start) {
    return FaultRig.await(feed.follow(start));
  }

  private FeedPage poll(FeedPosition position) {
    return FaultRig.await(feed.poll(position, 10));
  }

  /** Reads what comes last first, until a round over all positions finds nothing. */
  private List<String> readAll(List<FeedPosition> start, int most) {
    Deque<FeedPosition> positions = new ArrayDeque<>(start);
    List<String> found = new ArrayList<>();
    for (int idle = 0; idle < 3 * positions.size(); ) {
      FeedPage page = FaultRig.await(feed.poll(positions.pollLast(), most));
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
