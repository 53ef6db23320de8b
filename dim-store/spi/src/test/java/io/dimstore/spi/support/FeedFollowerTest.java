// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedFollowerTest {

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ScriptedFeed feed = new ScriptedFeed();
  private final List<Long> handled = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    timer.shutdownNow();
  }

  private FeedFollower follow(CountDownLatch until, String... positions) {
    return FeedFollower.start(
        feed,
        List.of(positions).stream().map(FeedPosition::new).toList(),
        page -> {
          for (Change change : page.changes()) {
            handled.add(change.version());
            until.countDown();
          }
          return CompletableFuture.completedFuture(null);
        },
        10,
        Duration.ofMillis(1),
        timer);
  }

  @Test
  void partsThatReplaceAnEndedPartAreFollowed() throws InterruptedException {
    feed.page("parent", 1, "left", "right");
    feed.page("left", 2, "left2");
    feed.page("right", 3, "right2");
    CountDownLatch all = new CountDownLatch(3);
    FeedFollower follower = follow(all, "parent");
    assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(handled).startsWith(1L).containsExactlyInAnyOrder(1L, 2L, 3L);
    feed.awaitPolled("left2");
    feed.awaitPolled("right2");
    assertThat(follower.positions())
        .containsExactlyInAnyOrder(new FeedPosition("left2"), new FeedPosition("right2"));
  }

  @Test
  void retryableFailuresAreRetried() throws InterruptedException {
    feed.fail("a", Kind.UNAVAILABLE);
    feed.fail("a", Kind.THROTTLED);
    feed.page("a", 1, "b");
    CountDownLatch one = new CountDownLatch(1);
    follow(one, "a");
    assertThat(one.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(handled).containsExactly(1L);
  }

  @Test
  void lostChangesEndTheFollowerWithAFailure() {
    feed.page("a", 1, "b");
    feed.fail("b", Kind.NO_TABLE);
    FeedFollower follower = follow(new CountDownLatch(1), "a");
    assertThatThrownBy(() -> follower.ended().toCompletableFuture().get(60, TimeUnit.SECONDS))
        .cause()
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_TABLE));
    assertThat(follower.positions()).containsExactly(new FeedPosition("b"));
  }

  @Test
  void positionStaysAtAPageWhoseHandlerFailed() {
    feed.page("a", 1, "b");
    FeedFollower follower =
        FeedFollower.start(
            feed,
            List.of(new FeedPosition("a")),
            page -> {
              throw new IllegalStateException("no");
            },
            10,
            Duration.ofMillis(1),
            timer);
    assertThatThrownBy(() -> follower.ended().toCompletableFuture().get(60, TimeUnit.SECONDS))
        .hasMessageContaining("no");
    assertThat(follower.positions()).containsExactly(new FeedPosition("a"));
  }

  @Test
  void afterCloseNothingIsPolled() throws Exception {
    FeedFollower follower = follow(new CountDownLatch(1), "idle");
    feed.awaitPolled("idle");
    follower.close();
    follower.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
    // The timer runs its pending task, which must not schedule another poll.
    timer.submit(() -> {}).get(60, TimeUnit.SECONDS);
    timer.shutdown();
    assertThat(timer.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(handled).isEmpty();
  }

  @Test
  void closedFollowerEndsWhenItsPageHasBeenHandled() throws Exception {
    feed.page("a", 1, "b");
    CompletableFuture<Void> handling = new CompletableFuture<>();
    CountDownLatch given = new CountDownLatch(1);
    FeedFollower follower =
        FeedFollower.start(
            feed,
            List.of(new FeedPosition("a")),
            page -> {
              given.countDown();
              return handling;
            },
            10,
            Duration.ofMillis(1),
            timer);
    assertThat(given.await(60, TimeUnit.SECONDS)).isTrue();
    follower.close();
    assertThat(follower.ended().toCompletableFuture()).isNotDone();
    handling.complete(null);
    follower.ended().toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertThat(follower.positions()).containsExactly(new FeedPosition("b"));
  }

  @Test
  void errorOfHandlerEndsTheFollower() {
    feed.page("a", 1, "b");
    Error thrown = new StackOverflowError("in the handler");
    FeedFollower follower =
        FeedFollower.start(
            feed,
            List.of(new FeedPosition("a")),
            page -> {
              throw thrown;
            },
            10,
            Duration.ofMillis(1),
            timer);
    assertThatThrownBy(() -> follower.ended().toCompletableFuture().get(60, TimeUnit.SECONDS))
        .hasCause(thrown);
    assertThat(follower.positions()).containsExactly(new FeedPosition("a"));
  }

  /** Answers polls with the scripted pages and failures, then with empty pages. */
  private static final class ScriptedFeed implements ChangeFeed {

    private final Map<String, Deque<CompletableFuture<FeedPage>>> answers =
        new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> polled = new ConcurrentHashMap<>();

    void page(String position, long version, String... next) {
      add(
          position,
          CompletableFuture.completedFuture(
              new FeedPage(
                  List.of(new Delete(Key.of("k"), version)),
                  List.of(),
                  List.of(next).stream().map(FeedPosition::new).toList())));
    }

    void fail(String position, Kind kind) {
      add(position, CompletableFuture.failedFuture(new StoreException(kind, "scripted")));
    }

    private void add(String position, CompletableFuture<FeedPage> answer) {
      answers.computeIfAbsent(position, p -> new ArrayDeque<>()).add(answer);
    }

    void awaitPolled(String position) throws InterruptedException {
      assertThat(latch(position).await(60, TimeUnit.SECONDS)).as(position).isTrue();
    }

    private CountDownLatch latch(String position) {
      return polled.computeIfAbsent(position, p -> new CountDownLatch(1));
    }

    @Override
    public CompletionStage<List<FeedPosition>> follow(Start start) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<FeedPage> poll(FeedPosition position, int maxChanges) {
      Deque<CompletableFuture<FeedPage>> scripted = answers.get(position.token());
      CompletableFuture<FeedPage> answer = scripted == null ? null : scripted.poll();
      latch(position.token()).countDown();
      return answer != null
          ? answer
          : CompletableFuture.completedFuture(
              new FeedPage(List.of(), List.of(), List.of(position)));
    }
  }
}
