// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.dynamodb.faults.FaultFixture;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * A random history of a stream and its reader. Shards split, and are listed late and one by one.
 * Iterators expire, requests are throttled or fail, and records are trimmed as time passes. The
 * reader stores its positions, is killed, and continues from them. The reader must get every change
 * in order, or an error that changes are lost; then it takes new positions.
 */
final class FeedSchedule {

  private static final int KEYS = 8;
  private static final int STEPS = 160;
  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();

  private final long seed;
  private final Random random;
  private final FakeStreams streams;
  private final ChangeFeed feed;

  /** A key lives in one shard, and in one of its children after that. */
  private final Map<String, String> shardOf = new HashMap<>();

  private final Map<String, Integer> written = new HashMap<>();
  private final List<String> open = new ArrayList<>();
  private int shards;

  /** The version of each key up to which the reader has found all changes or need not find them. */
  private Map<String, Integer> found = new HashMap<>();

  private Map<String, Integer> floor = new HashMap<>();
  private List<FeedPosition> positions = new ArrayList<>();

  private List<FeedPosition> storedPositions = List.of();
  private Map<String, Integer> storedFound = Map.of();

  /** How often changes were reported as lost, and how often the reader was killed. */
  int losses;

  int kills;
  int splits;
  int changes;

  FeedSchedule(long seed, FakeStreams streams, ChangeFeed feed) {
    this.seed = seed;
    this.random = new Random(seed);
    this.streams = streams;
    this.feed = feed;
  }

  /**
   * @param young whether the stream was enabled just now, so that its first shards are listed late
   *     too
   */
  void run(boolean young) {
    streams.lag(new Random(seed + 1), random.nextInt(4) == 0 ? 0 : 5 + random.nextInt(25));
    int first = 1 + random.nextInt(3);
    for (int i = 0; i < first; i++) {
      open.add(opened(null));
    }
    for (int i = 0; i < KEYS; i++) {
      shardOf.put("k" + i, open.get(random.nextInt(open.size())));
    }
    if (!young) {
      streams.pass(Duration.ofHours(1));
    }
    begin();
    for (int step = 0; step < STEPS; step++) {
      step();
    }
    drain();
  }

  private void step() {
    switch (random.nextInt(20)) {
      case 0 -> split();
      case 1 -> streams.expireIterators();
      case 2 -> streams.fail("400 LimitExceededException");
      case 3 -> streams.fail("500 InternalServerError");
      case 4 -> {
        storedPositions = List.copyOf(positions);
        storedFound = Map.copyOf(found);
      }
      case 5 -> kill();
      case 6 ->
          streams.pass(Duration.ofMinutes(random.nextInt(random.nextInt(8) == 0 ? 1600 : 90)));
      case 7, 8, 9, 10, 11, 12 -> write();
      default -> poll();
    }
  }

  private String opened(String parent) {
    String shard = String.format("shardId-%020d-%08x", streams.now(), shards++);
    streams.open(shard, parent);
    return shard;
  }

  private void write() {
    String key = "k" + random.nextInt(KEYS);
    streams.put(shardOf.get(key), key, written.merge(key, 1, Integer::sum));
    changes++;
  }

  private void split() {
    splits++;
    String parent = open.remove(random.nextInt(open.size()));
    List<String> children = new ArrayList<>(List.of(opened(parent)));
    if (random.nextBoolean()) {
      children.add(opened(parent));
    }
    streams.end(parent);
    open.addAll(children);
    shardOf.replaceAll(
        (key, shard) ->
            shard.equals(parent) ? children.get(random.nextInt(children.size())) : shard);
  }

  /** Ends the process of the reader. Another one continues from the stored positions. */
  private void kill() {
    kills++;
    positions = new ArrayList<>(storedPositions);
    found = new HashMap<>(storedFound);
  }

  /** Takes new positions. Earlier changes need not be found from them. */
  private void begin() {
    Map<String, Integer> before = Map.copyOf(written);
    positions = new ArrayList<>(answer(() -> FaultFixture.await(feed.follow(Start.LATEST))));
    floor = before;
    found = new HashMap<>();
    storedPositions = List.copyOf(positions);
    storedFound = Map.of();
  }

  private void poll() {
    streams.pass(Duration.ofMillis(500));
    FeedPosition polled = positions.get(random.nextInt(positions.size()));
    int most = 1 + random.nextInt(5);
    FeedPage page;
    try {
      page = answer(() -> FaultFixture.await(feed.poll(polled, most)));
    } catch (CompletionException e) {
      StoreException known = StoreException.find(e);
      assertThat(known).as("failure of seed %d", seed).isNotNull();
      assertThat(known.kind()).as("%s of seed %d", known, seed).isEqualTo(Kind.NO_TABLE);
      losses++;
      begin();
      return;
    }
    page.changes().forEach(this::take);
    positions.remove(polled);
    positions.addAll(page.next());
  }

  private void take(Change change) {
    String key = (String) change.key().get(0);
    int version = (int) change.version();
    int last = found.getOrDefault(key, 0);
    int known = Math.max(last, floor.getOrDefault(key, 0));
    assertThat(version)
        .as("version of %s, found after %d, in seed %d", key, last, seed)
        .isBetween(last, known + 1);
    found.put(key, version);
  }

  private boolean isComplete() {
    return written.entrySet().stream()
        .allMatch(
            key ->
                floor.getOrDefault(key.getKey(), 0).equals(key.getValue())
                    || key.getValue().equals(found.get(key.getKey())));
  }

  private void drain() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!isComplete()) {
      poll();
      assertThat(System.nanoTime() - end)
          .as(
              "seed %d: written %s, found %s after %s, in %s of %s, at %s",
              seed, written, found, floor, shardOf, streams, positions)
          .isNegative();
    }
  }

  /** Repeats a request after a transient failure. */
  private static <T> T answer(Supplier<T> asked) {
    while (true) {
      try {
        return asked.get();
      } catch (CompletionException e) {
        StoreException known = StoreException.find(e);
        if (known == null || !known.kind().isRetryable()) {
          throw e;
        }
      }
    }
  }
}
