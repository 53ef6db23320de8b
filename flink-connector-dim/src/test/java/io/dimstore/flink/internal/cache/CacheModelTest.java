// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.dimstore.flink.RecordedMetrics;
import io.dimstore.flink.internal.metrics.StoreMeter;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random lookups, writes, reads that take time and fail, and a change feed that is late, repeats
 * changes, divides its parts and has gaps, against the history of the table. Each answer must have
 * been true not longer ago than the bound, and must not be from before an answer that an earlier
 * lookup of the key had.
 */
class CacheModelTest {

  private static final int SEEDS = Integer.getInteger("dimstore.cache.seeds", 200);
  private static final int STEPS = 500;
  private static final int KEYS = 3;
  private static final int PAGE = 3;
  private static final String TABLE = "dim.store.model.table.t.";
  private static final Duration MAX_AGE = Duration.ofSeconds(1);
  private static final Duration ABSENT_MAX_AGE = Duration.ofMillis(300);
  private static final Duration ON_ERROR = Duration.ofSeconds(4);
  private static final Duration FOLLOWED_MAX_AGE = Duration.ofSeconds(3);

  @ParameterizedTest
  @CsvSource({
    "followed, 1000000, false",
    "followed, 700, false",
    "followed, 1000000, true",
    "whole, 1000000, false",
    "whole, 1000000, true",
    "whole, 1100, false",
    "alone, 1000000, false",
    "alone, 700, true"
  })
  void noAnswerIsOlderThanTheBoundAndNoneGoesBack(
      String feed, long maxBytes, boolean staleOnError) {
    for (int seed = 0; seed < SEEDS; seed++) {
      new Run(seed, feed, maxBytes, staleOnError).play();
    }
  }

  /** A state of a key, from a time on. The row is null if there is none. */
  private record State(long sinceMillis, @Nullable Put row) {}

  private record Read(Key key, CompletableFuture<Put> answer, Supplier<Put> snapshot) {}

  private record Poll(CompletableFuture<FeedPage> answer, Supplier<FeedPage> snapshot) {}

  private static final class Part {
    private final String id;
    private final List<Change> changes = new ArrayList<>();
    private final List<Part> next = new ArrayList<>();
    private int trimmed;

    private Part(String id) {
      this.id = id;
    }
  }

  private static final class Run implements TableCache.Source, ChangeFeed {

    private final String name;
    private final Random random;
    private final ManualTime time;
    private final TableCache cache;
    private final @Nullable CacheFollower follower;
    private final long maxBytes;
    private final RecordedMetrics metrics = new RecordedMetrics();
    private final StoreMeter meter = new StoreMeter("model", List.of());
    private final Map<Key, List<State>> history = new HashMap<>();
    private final Map<Key, Long> versions = new HashMap<>();

    /** For each key, the least state that the next lookup may be answered with. */
    private final Map<Key, Integer> seen = new HashMap<>();

    private final Map<String, Part> parts = new HashMap<>();
    private final List<Part> open = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Poll> polls = new ArrayList<>();
    private long stale;
    private final List<Scan> scans = new ArrayList<>();
    private @Nullable AssertionError problem;
    private final List<String> log = new ArrayList<>();

    private Run(int seed, String feed, long maxBytes, boolean staleOnError) {
      boolean whole = feed.equals("whole");
      this.name = "seed " + seed;
      this.random = new Random(seed);
      this.maxBytes = maxBytes;
      meter.join(metrics);
      this.time =
          new ManualTime(seed % 2 == 0 ? random.nextLong() : Long.MAX_VALUE - 5_000_000_000L);
      for (int i = 0; i < KEYS; i++) {
        history.put(key(i), new ArrayList<>(List.of(new State(-1_000_000, null))));
        seen.put(key(i), 0);
      }
      open.add(part("0"));
      open.add(part("1"));
      CacheSettings settings =
          new CacheSettings(
              whole,
              maxBytes,
              MAX_AGE,
              ABSENT_MAX_AGE,
              staleOnError ? ON_ERROR : Duration.ZERO,
              new CacheSettings.Following(true, Duration.ofMillis(50), FOLLOWED_MAX_AGE));
      cache = new TableCache(settings, this, time.clock(), meter.table("t"));
      follower =
          feed.equals("alone")
              ? null
              : new CacheFollower("t", cache, this, whole ? this::scan : null, time, PAGE);
    }

    private static Key key(int i) {
      return Key.of((long) i);
    }

    private Part part(String id) {
      Part part = new Part(id);
      parts.put(id, part);
      return part;
    }

    private void play() {
      try {
        if (follower != null) {
          follower.begin();
        }
        for (int step = 0; step < STEPS; step++) {
          step();
          if (problem != null) {
            throw problem;
          }
          assertThat((Long) metrics.value(TABLE + "cacheBytes")).isLessThanOrEqualTo(maxBytes);
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(name + ": " + String.join("\n", log), e);
      }
    }

    private void step() {
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> lookUp(key(random.nextInt(KEYS)));
        case 3, 4 -> write(key(random.nextInt(KEYS)));
        case 5, 6 -> endRead();
        case 7, 8 -> {
          endPoll();
          endScan();
        }
        case 9, 10 -> time.pass(Duration.ofMillis(1 + random.nextInt(200)));
        default -> disturb();
      }
    }

    private void disturb() {
      switch (random.nextInt(6)) {
        case 0 -> time.pass(Duration.ofMillis(random.nextInt(3_000)));
        case 1 -> {
          Part part = open.get(random.nextInt(open.size()));
          part.trimmed = part.changes.size();
          log.add("trimmed " + part.id);
        }
        case 2 -> divide();
        default -> endReadsAndPolls();
      }
    }

    /** Lets what is in flight end, so that there are quiet times too. */
    private void endReadsAndPolls() {
      for (int i = reads.size() + polls.size() + KEYS; i > 0; i--) {
        endRead();
        endPoll();
        endScan();
      }
    }

    private void divide() {
      if (open.size() > 3) {
        return;
      }
      Part divided = open.remove(random.nextInt(open.size()));
      for (String suffix : List.of("a", "b")) {
        Part next = part(divided.id + suffix);
        divided.next.add(next);
        open.add(next);
      }
    }

    // The table.

    private void write(Key key) {
      long version = versions.merge(key, 1L + random.nextInt(2), Long::sum);
      Change change = new Delete(key, version);
      long expiry = Put.NEVER;
      if (random.nextInt(3) > 0) {
        expiry = random.nextInt(4) > 0 ? Put.NEVER : time.millis() + random.nextInt(500);
        change = new Put(key, Row.of(version), version, expiry);
      }
      record(key, change instanceof Put put ? put : null, time.passedMillis());
      if (expiry != Put.NEVER) {
        record(key, null, expiry - ManualTime.EPOCH_MILLIS);
      }
      long path = (Long) key.get(0);
      Part part = parts.get(Long.toString(path % 2));
      while (!part.next.isEmpty()) {
        path = path * 31 + 7;
        part = part.next.get((int) (path / 16 % 2));
      }
      part.changes.add(change);
      log.add(time.passedMillis() + " wrote " + change);
    }

    /** Records a state. States that would have begun later, such as an expiry, are dropped. */
    private void record(Key key, @Nullable Put row, long since) {
      List<State> states = history.get(key);
      while (states.get(states.size() - 1).sinceMillis() > since) {
        states.remove(states.size() - 1);
      }
      states.add(new State(since, row));
    }

    private @Nullable Put stored(Key key) {
      Put row = null;
      for (State state : history.get(key)) {
        if (state.sinceMillis() <= time.passedMillis()) {
          row = state.row();
        }
      }
      return row;
    }

    // Reads of the cache.

    @Override
    public CompletableFuture<@Nullable Put> read(Key key) {
      Read read = new Read(key, new CompletableFuture<>(), once(() -> stored(key)));
      reads.add(read);
      return read.answer();
    }

    @Override
    public CompletableFuture<@Nullable Put> readOnce(Key key) {
      return read(key);
    }

    private static <T> Supplier<T> once(Supplier<T> snapshot) {
      List<T> taken = new ArrayList<>();
      return () -> {
        if (taken.isEmpty()) {
          taken.add(snapshot.get());
        }
        return taken.get(0);
      };
    }

    /** Lets a read see the table, and perhaps end. */
    private void endRead() {
      if (reads.isEmpty()) {
        return;
      }
      Read read = reads.get(random.nextInt(reads.size()));
      Put row = read.snapshot().get();
      if (random.nextInt(3) == 0) {
        return;
      }
      reads.remove(read);
      stale = staleAnswers();
      if (random.nextInt(5) == 0) {
        Kind kind = random.nextBoolean() ? Kind.UNAVAILABLE : Kind.DENIED;
        read.answer().completeExceptionally(new StoreException(kind, "made to fail"));
      } else {
        read.answer().complete(row);
      }
    }

    // The scan, whose pages have one key each.

    private final class Scan {
      private final CacheScan.Pages pages;
      private final List<Key> left = new ArrayList<>();
      private final CompletableFuture<Void> ended = new CompletableFuture<>();
      private long beganNanos;
      private @Nullable Supplier<Put> snapshot;

      private Scan(CacheScan.Pages pages) {
        this.pages = pages;
        for (int i = 0; i < KEYS; i++) {
          left.add(key(i));
        }
        Collections.shuffle(left, random);
      }
    }

    private CompletionStage<Void> scan(CacheScan.Pages pages) {
      log.add(time.passedMillis() + " scans");
      Scan began = new Scan(pages);
      scans.add(began);
      return began.ended;
    }

    private void endScan() {
      if (scans.isEmpty()) {
        return;
      }
      Scan current = scans.get(random.nextInt(scans.size()));
      if (current.left.isEmpty()) {
        scans.remove(current);
        log.add(time.passedMillis() + " scanned");
        current.ended.complete(null);
        return;
      }
      Key key = current.left.get(0);
      if (current.snapshot == null) {
        current.beganNanos = time.nanos();
        current.snapshot = once(() -> stored(key));
      } else if (random.nextInt(12) == 0) {
        scans.remove(current);
        current.ended.completeExceptionally(new StoreException(Kind.TIMEOUT, "made to fail"));
      } else {
        Put row = current.snapshot.get();
        if (random.nextInt(3) == 0) {
          return;
        }
        current.snapshot = null;
        current.left.remove(0);
        log.add(time.passedMillis() + " scanned " + key + " " + row);
        if (!current.pages.page(
            new ScanPage(row == null ? List.of() : List.of(row), null), current.beganNanos)) {
          current.left.clear();
        }
      }
    }

    // The feed.

    @Override
    public CompletionStage<List<FeedPosition>> follow(Start start) {
      if (random.nextInt(4) == 0) {
        return CompletableFuture.failedFuture(new StoreException(Kind.TIMEOUT, "made to fail"));
      }
      List<FeedPosition> positions = new ArrayList<>();
      for (Part part : open) {
        int end = part.changes.size();
        // Changes from shortly before may be found too.
        positions.add(position(part, Math.max(part.trimmed, end - random.nextInt(3))));
      }
      log.add(time.passedMillis() + " follows " + positions);
      return CompletableFuture.completedFuture(positions);
    }

    private static FeedPosition position(Part part, int number) {
      return new FeedPosition(part.id + ":" + number);
    }

    @Override
    public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
      String[] token = position.token().split(":");
      Poll poll =
          new Poll(
              new CompletableFuture<>(),
              once(() -> page(parts.get(token[0]), Integer.parseInt(token[1]), maxChanges)));
      polls.add(poll);
      return poll.answer();
    }

    private @Nullable FeedPage page(Part part, int from, int maxChanges) {
      if (from < part.trimmed) {
        return null;
      }
      int to = Math.min(part.changes.size(), from + maxChanges);
      List<FeedPosition> next = List.of(position(part, to));
      if (to == part.changes.size() && !part.next.isEmpty()) {
        next = part.next.stream().map(child -> position(child, 0)).toList();
      }
      return new FeedPage(List.copyOf(part.changes.subList(from, to)), List.of(), next);
    }

    private void endPoll() {
      if (polls.isEmpty()) {
        return;
      }
      Poll poll = polls.get(random.nextInt(polls.size()));
      FeedPage page = poll.snapshot().get();
      if (random.nextInt(3) == 0) {
        return;
      }
      polls.remove(poll);
      if (page == null) {
        poll.answer().completeExceptionally(new StoreException(Kind.NO_TABLE, "trimmed"));
      } else if (random.nextInt(8) == 0) {
        Kind kind = random.nextBoolean() ? Kind.UNAVAILABLE : Kind.DENIED;
        poll.answer().completeExceptionally(new StoreException(kind, "made to fail"));
      } else {
        log.add(time.passedMillis() + " page " + page);
        poll.answer().complete(page);
      }
    }

    // Lookups.

    private void lookUp(Key key) {
      long began = time.passedMillis();
      int least = seen.get(key);
      CacheEntry entry = cache.find(key, time.nanos(), new Unmetered());
      if (entry != null) {
        log.add(began + " hit " + key + " " + entry.row());
        check(key, began, least, entry.row(), bound(entry.row(), false));
        return;
      }
      cache
          .load(key, time.nanos())
          .whenComplete(
              (row, failure) -> {
                if (failure == null) {
                  boolean wasStale = staleAnswers() > stale;
                  log.add(began + " to " + time.passedMillis() + " read " + key + " " + row);
                  try {
                    check(key, began, least, row, bound(row, wasStale));
                  } catch (AssertionError e) {
                    problem = e;
                  }
                }
              });
    }

    private static Duration bound(@Nullable Put row, boolean stale) {
      return stale ? ON_ERROR : row == null ? ABSENT_MAX_AGE : MAX_AGE;
    }

    private long staleAnswers() {
      return (Long) metrics.value(TABLE + "cacheStaleAnswers");
    }

    private void check(Key key, long began, int least, @Nullable Put row, Duration bound) {
      if (row != null && row.isExpiredAt(ManualTime.EPOCH_MILLIS + began)) {
        fail("expired: " + row);
      }
      List<State> states = history.get(key);
      for (int i = least; i < states.size(); i++) {
        State state = states.get(i);
        long until = i + 1 < states.size() ? states.get(i + 1).sinceMillis() : Long.MAX_VALUE;
        boolean same = row == null ? state.row() == null : row.equals(state.row());
        if (same
            && state.sinceMillis() <= time.passedMillis()
            && until >= began - bound.toMillis()) {
          seen.merge(key, i, Math::max);
          return;
        }
      }
      fail(
          "the lookup of "
              + key
              + " from "
              + began
              + " to "
              + time.passedMillis()
              + " was answered "
              + row
              + ", though state "
              + least
              + " was seen before, of "
              + states);
    }
  }

  private static final class Unmetered implements CacheMeter {
    @Override
    public void hit(boolean absent, long ageNanos) {
      assertThat(ageNanos).isNotNegative();
    }

    @Override
    public void miss() {}
  }
}
