// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.job;

import io.dimstore.bench.subject.BenchException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/**
 * Hands blocks of events to the source of an arm's job in this process, and receives the joined
 * rows from its sink. Thread-safe; one block at a time.
 */
public final class BlockFeed {

  private static final Map<String, BlockFeed> FEEDS = new ConcurrentHashMap<>();

  private static final long LIMIT_SECONDS = 180;

  /** The texts of one row in so many are compared. */
  private static final int TEXTS_EVERY = 16;

  private final DimensionRows rows;
  private final AtomicLong arrived = new AtomicLong();
  private final LongAdder keySum = new LongAdder();
  private final LongAdder wrong = new LongAdder();
  private final CompletableFuture<@Nullable Void> failure = new CompletableFuture<>();
  private final Block first = Block.of(0, new int[0]);
  private volatile Block block = first;
  private volatile @Nullable String firstWrong;

  /**
   * A block of events.
   *
   * @param next is complete when there is another block
   * @param done is complete when all its rows have arrived
   */
  record Block(
      long number,
      int[] keys,
      CompletableFuture<Void> next,
      CompletableFuture<@Nullable Void> done) {

    static Block of(long number, int[] keys) {
      return new Block(number, keys, new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  private BlockFeed(DimensionRows rows) {
    this.rows = rows;
  }

  /** Creates the feed of an arm. A feed that the arm had before is no longer found. */
  public static BlockFeed create(String arm, DimensionRows rows) {
    BlockFeed feed = new BlockFeed(rows);
    FEEDS.put(arm, feed);
    return feed;
  }

  /** Returns the feed of an arm. */
  static BlockFeed of(String arm) {
    BlockFeed feed = FEEDS.get(arm);
    if (feed == null) {
      throw new IllegalStateException("There is no feed of " + arm + " in this process");
    }
    return feed;
  }

  /**
   * Sends a block and waits until its rows have arrived.
   *
   * @throws BenchException if the job has failed, a row is missing or came twice, or nothing moves
   */
  public void run(String arm, int[] keys) {
    long expected = 0;
    for (int key : keys) {
      expected += key;
    }
    keySum.reset();
    arrived.set(0);
    Block last = block;
    Block next = Block.of(last.number() + 1, keys);
    block = next;
    last.next().complete(null);
    try {
      CompletableFuture.anyOf(next.done(), failure).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new BenchException("The job of arm " + arm + " has failed: " + rootCause(e), e);
    } catch (TimeoutException e) {
      throw new BenchException(
          "Arm "
              + arm
              + " makes no progress: "
              + arrived.get()
              + " of "
              + keys.length
              + " events are joined after "
              + LIMIT_SECONDS
              + " s",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
    if (keySum.sum() != expected) {
      throw new BenchException("Arm " + arm + " has lost events, and joined others twice");
    }
  }

  /** Makes the present block and all later ones fail. */
  public void fail(Throwable cause) {
    failure.completeExceptionally(cause);
  }

  /** Returns how many joined rows were wrong since the feed was created. */
  public long wrong() {
    return wrong.sum();
  }

  /** Returns the first wrong row as text, or null if there is none. */
  public @Nullable String firstWrong() {
    return firstWrong;
  }

  /** Returns the block that was there before the first one that was sent; it is empty. */
  Block first() {
    return first;
  }

  Block block() {
    return block;
  }

  RowData event(int key) {
    return rows.event(key);
  }

  void joined(RowData row) {
    long number = arrived.get();
    if (!rows.isRight(row, number % TEXTS_EVERY == 0)) {
      wrong.increment();
      if (firstWrong == null) {
        firstWrong = row.toString();
      }
    }
    keySum.add(row.getLong(0));
    Block now = block;
    if (arrived.incrementAndGet() == now.keys().length) {
      now.done().complete(null);
    }
  }

  /** Flink wraps what has failed several times, and its outermost message does not say what. */
  private static Throwable rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
