package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;

/**
 * The lists of shards of the streams that this store follows. All parts of a feed that wait for a
 * child share one list, which is read again at most every two seconds in the long run: an account
 * may send DescribeStream ten times a second. Thread-safe; never blocks.
 */
final class ShardLists {

  private static final double PER_SECOND = 0.5;
  private static final double BURST = 10;

  /** Reads the list of a stream's shards from the service. */
  @FunctionalInterface
  interface Source {
    CompletableFuture<Shards> read(String table, String stream, Deadline deadline);
  }

  /**
   * The shards of a stream as one answer, or several pages, had them.
   *
   * @param status whether changes are recorded
   * @param shards those that are kept and listed; the newest may be missing
   * @param atMillis when the list was asked for, in epoch milliseconds of the service
   */
  record Shards(StreamStatus status, List<Shard> shards, long atMillis) {

    Shards {
      shards = List.copyOf(shards);
    }
  }

  private final Source source;
  private final InstantSource clock;
  private final Map<String, Stream> streams = new ConcurrentHashMap<>();

  ShardLists(Source source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** Reads the list now, whatever was read before. */
  CompletableFuture<Shards> now(String table, String stream, Deadline deadline) {
    return streamOf(stream).read(table, stream, deadline);
  }

  /**
   * Returns a list that is not older than this, or the newest one there is while the stream was
   * listed too often.
   */
  CompletableFuture<Shards> notOlderThan(
      Duration age, String table, String stream, Deadline deadline) {
    Stream known = streamOf(stream);
    Shards recent = known.recent(age);
    return recent != null
        ? CompletableFuture.completedFuture(recent)
        : known.read(table, stream, deadline);
  }

  private Stream streamOf(String stream) {
    return streams.computeIfAbsent(stream, arn -> new Stream());
  }

  /** One stream; its monitor is held for a moment only. */
  private final class Stream {
    private @Nullable Shards last;
    private double allowed = BURST;
    private long allowedMillis = clock.millis();
    private @Nullable CompletableFuture<Shards> underWay;

    private synchronized @Nullable Shards recent(Duration age) {
      long now = clock.millis();
      allowed = Math.min(BURST, allowed + Math.abs(now - allowedMillis) / 1e3 * PER_SECOND);
      allowedMillis = now;
      boolean young = last != null && Math.abs(now - last.atMillis) <= age.toMillis();
      return young || allowed < 1 ? last : null;
    }

    private CompletableFuture<Shards> read(String table, String stream, Deadline deadline) {
      CompletableFuture<Shards> result;
      synchronized (this) {
        if (underWay != null) {
          return underWay.copy();
        }
        allowed = Math.max(0, allowed - 1);
        result = new CompletableFuture<>();
        underWay = result;
      }
      CompletableFuture<Shards> answer;
      try {
        answer = source.read(table, stream, deadline);
      } catch (RuntimeException e) {
        answer = CompletableFuture.failedFuture(e);
      }
      answer.whenComplete(
          (shards, failure) -> {
            synchronized (this) {
              underWay = null;
              if (failure == null) {
                last = shards;
              }
            }
            if (failure == null) {
              result.complete(shards);
            } else {
              result.completeExceptionally(failure);
            }
          });
      return result.copy();
    }
  }
}
