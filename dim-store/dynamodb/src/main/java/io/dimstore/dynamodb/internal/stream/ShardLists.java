// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import io.dimstore.spi.support.Deadline;
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
 * Caches the lists of shards of the streams that this store follows. All positions that wait for a
 * child shard share one list. It is read again at most every two seconds on average, because an
 * account may send only ten DescribeStream requests a second. Thread-safe; never blocks.
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
   * The list of the shards of a stream.
   *
   * @param status the status of the stream, which says whether changes are recorded
   * @param shards the shards that the service retains and lists; the newest ones may be missing
   * @param atMillis the time when the list was requested, in epoch milliseconds of the service
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

  /** Reads the list, or joins a read in flight, whatever was read before. */
  CompletableFuture<Shards> now(String table, String stream, Deadline deadline) {
    return streamOf(stream).read(table, stream, deadline);
  }

  /**
   * Returns a list that is not older than this. If the stream was listed too often, returns the
   * last list, whatever its age.
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

  /** The list of one stream. Its monitor is never held during a request. */
  private final class Stream {
    private @Nullable Shards last;
    private double allowed = BURST;
    private long allowedMillis = clock.millis();
    private @Nullable CompletableFuture<Shards> inFlight;

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
        if (inFlight != null) {
          return inFlight.copy();
        }
        allowed = Math.max(0, allowed - 1);
        result = new CompletableFuture<>();
        inFlight = result;
      }
      CompletableFuture<Shards> answer;
      try {
        answer = source.read(table, stream, deadline);
      } catch (RuntimeException | Error e) {
        answer = CompletableFuture.failedFuture(e);
      }
      answer.whenComplete(
          (shards, failure) -> {
            synchronized (this) {
              inFlight = null;
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
