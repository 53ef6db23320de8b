// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreMetrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests that errors of the feed and of the metrics end neither the following nor the watch. */
class CacheInvalidatorTest {

  private static final Key K = Key.of("k");
  private static final Object LAYOUT = new Object();
  private static final FeedPosition POSITION = new FeedPosition("p");
  private static final Error THROWN = new StackOverflowError("made by the test");

  /** A timer without threads, whose tasks the test runs. */
  private static final class Timer extends ScheduledThreadPoolExecutor {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private Runnable watch = () -> {};

    Timer() {
      super(0);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
      tasks.add(task);
      return null;
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable task, long initialDelay, long delay, TimeUnit unit) {
      watch = task;
      return null;
    }

    void runAll() {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    }
  }

  /** A feed that a test answers. Its first {@code failing} calls of {@code follow} throw. */
  private static final class Feed implements ChangeFeed {
    private final Queue<CompletableFuture<FeedPage>> polls = new ArrayDeque<>();
    private int failing;
    private int follows;

    @Override
    public CompletionStage<List<FeedPosition>> follow(Start start) {
      if (++follows <= failing) {
        throw THROWN;
      }
      return CompletableFuture.completedFuture(List.of(POSITION));
    }

    @Override
    public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
      CompletableFuture<FeedPage> page = new CompletableFuture<>();
      polls.add(page);
      return page;
    }
  }

  /** Metrics of which every report fails. */
  private static final class Failing implements StoreMetrics {
    private final List<String> reports = new ArrayList<>();

    @Override
    public void request(Request request) {}

    @Override
    public void count(String name, long delta) {
      reports.add(name);
      throw new IllegalStateException("no metrics");
    }

    @Override
    public void gauge(String name, long value) {
      reports.add(name);
      throw new NoClassDefFoundError("metrics");
    }

    @Override
    public void note(String name, String text) {
      reports.add(name);
      throw new IllegalStateException("no metrics");
    }
  }

  private final Timer timer = new Timer();
  private final Feed feed = new Feed();
  private final ReadCache cache = ReadCache.bounded(Duration.ofHours(1), 1_000_000);

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  private CacheInvalidator following(StoreMetrics metrics) {
    CacheInvalidator invalidator =
        new CacheInvalidator("t", cache, feed, timer, metrics, Duration.ZERO);
    invalidator.begin();
    return invalidator;
  }

  /** Returns whether an entry is used, which it is not during a gap. */
  private boolean usesEntries() {
    cache.fill(K, cache.find(K), null, 1_000, LAYOUT);
    return cache.isFresh(cache.find(K), LAYOUT, 1_000);
  }

  private void pollSucceeds() {
    feed.polls.remove().complete(new FeedPage(List.of(), List.of(), List.of(POSITION)));
    timer.runAll();
  }

  @Test
  void followThatThrowsAnErrorIsRetried() {
    feed.failing = 2;
    try (CacheInvalidator invalidator = following(StoreMetrics.NONE)) {
      timer.runAll();
      assertThat(feed.follows).isEqualTo(3);
      assertThat(feed.polls).hasSize(1);
    }
  }

  @Test
  void gapLimitsTheAgeAlthoughTheMetricsFail() {
    Failing metrics = new Failing();
    try (CacheInvalidator invalidator = following(metrics)) {
      assertThat(usesEntries()).isFalse();
      pollSucceeds();
      pollSucceeds();
      timer.watch.run();
      assertThat(usesEntries()).as("while the feed is followed").isTrue();
      feed.polls.remove().completeExceptionally(THROWN);
      assertThat(usesEntries()).as("after the feed was lost").isFalse();
      timer.runAll();
      assertThat(feed.follows).as("with the retry").isEqualTo(2);
      pollSucceeds();
      pollSucceeds();
      timer.watch.run();
      assertThat(usesEntries()).as("after the gap").isTrue();
      assertThat(metrics.reports).contains("read-cache.gap.ms.t", "read-cache.gaps");
    }
  }

  /** The comparison with the feed throws, because the logger cannot append the end of the gap. */
  @Test
  void errorWhileTheFeedIsComparedBeginsAGapUntilTheNextComparison() {
    AtomicInteger failures = new AtomicInteger();
    Runnable undo =
        failToLog(event -> event.getLevel().equals(Level.INFO) && failures.getAndIncrement() == 0);
    feed.failing = 1;
    try (CacheInvalidator invalidator = following(StoreMetrics.NONE)) {
      timer.runAll();
      pollSucceeds();
      pollSucceeds();
      timer.watch.run();
      assertThat(failures).hasValue(1);
      assertThat(usesEntries()).as("after the error").isFalse();
      pollSucceeds();
      timer.watch.run();
      assertThat(usesEntries()).as("after the next comparison").isTrue();
    } finally {
      undo.run();
    }
  }

  @Test
  void loggerThatAlwaysFailsEndsNeitherTheRetriesNorTheWatch() {
    Runnable undo = failToLog(event -> true);
    feed.failing = 2;
    try (CacheInvalidator invalidator = following(new Failing())) {
      timer.runAll();
      assertThat(feed.follows).as("with the retries").isEqualTo(3);
      pollSucceeds();
      pollSucceeds();
      timer.watch.run();
      assertThat(usesEntries()).as("after the error in the comparison").isFalse();
      pollSucceeds();
      timer.watch.run();
      assertThat(usesEntries()).as("after the next comparison").isTrue();
    } finally {
      undo.run();
    }
  }

  /** Makes the log throw for some events. Returns what restores it. */
  private static Runnable failToLog(Predicate<LogEvent> fails) {
    AbstractAppender appender =
        new AbstractAppender("full", null, null, false, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            if (fails.test(event)) {
              throw new IllegalStateException("no space left on device");
            }
          }
        };
    appender.start();
    Logger logger = (Logger) LogManager.getLogger(CacheInvalidator.class);
    Level level = logger.getLevel();
    logger.addAppender(appender);
    logger.setLevel(Level.DEBUG);
    return () -> {
      logger.setLevel(level);
      logger.removeAppender(appender);
    };
  }
}
