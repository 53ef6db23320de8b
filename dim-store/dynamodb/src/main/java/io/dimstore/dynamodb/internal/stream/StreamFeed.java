// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import io.dimstore.dynamodb.internal.client.Failures;
import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.ReadPlan;
import io.dimstore.dynamodb.internal.stream.ShardLists.Shards;
import io.dimstore.dynamodb.internal.table.StreamSettings;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;

/**
 * Reads the change feed of a table from its stream. Each position is in a shard. At the end of a
 * shard, positions of its children replace the position, so a parent is read completely before its
 * children (F2). All state is in the positions; this class keeps none. Thread-safe.
 *
 * <p>The service lists new shards with a delay, and lists the children of one parent one by one. So
 * the position at the end of a shard is kept beside those of its children for {@link
 * #CHILDREN_LISTED_MILLIS}, to find children that are listed later. Each position has a lower limit
 * of the times of its unread records. A position whose unread records may have been trimmed fails.
 */
public final class StreamFeed {

  /** The shortest time that the service retains a record. */
  /** An answer has at most 1 MB of records; from this size on it may have ended for that reason. */
  private static final long NEARLY_FULL_BYTES = 600_000;

  private static final long RETENTION_MILLIS = Duration.ofHours(24).toMillis();

  /**
   * The tolerance of times, which are truncated to seconds and delayed by the transit of responses.
   */
  private static final long TOLERANCE_MILLIS = Duration.ofMinutes(5).toMillis();

  /** After this time no further child of a shard is expected to be listed. */
  private static final long CHILDREN_LISTED_MILLIS = Duration.ofHours(6).toMillis();

  private static final Duration MAX_PAUSE_WITHOUT_CHILD = Duration.ofSeconds(5);
  private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
  private static final int MAX_RECORDS = 1_000;
  private static final Pattern LABEL = Pattern.compile(".*/stream/(\\d{4}-[\\dT:.-]+)");

  private static final String REMEDY =
      "Take new positions with LATEST, scan the table, then poll from those positions.";

  private final String table;
  private final StreamRecords records;
  private final StreamRequests requests;
  private final Function<Deadline, CompletableFuture<TableDescription>> describe;
  private final InstantSource serverClock;

  public StreamFeed(
      String table,
      ItemLayout items,
      ReadPlan plan,
      StreamRequests requests,
      Function<Deadline, CompletableFuture<TableDescription>> describe) {
    this.table = table;
    this.records = new StreamRecords(table, items, plan);
    this.requests = requests;
    this.describe = describe;
    this.serverClock = requests.serverClock();
  }

  public CompletableFuture<List<FeedPosition>> follow(Start start, Deadline deadline) {
    return describe
        .apply(deadline)
        .thenApply(StreamSettings::requireOn)
        .thenCompose(
            stream ->
                requests
                    .lists()
                    .now(table, stream, deadline)
                    .thenCompose(list -> positions(start, stream, list, deadline)));
  }

  public CompletableFuture<FeedPage> poll(
      FeedPosition position, int maxChanges, Deadline deadline) {
    if (maxChanges < 1) {
      throw StoreException.invalid(
          "The page size must be at least 1 change, but was " + maxChanges);
    }
    FeedToken token = FeedToken.of(position, table);
    CompletableFuture<FeedPage> page =
        token.place() == FeedToken.Place.END
            ? requests
                .lists()
                .notOlderThan(pauseOf(token), table, token.stream(), deadline)
                .thenApply(list -> pageAfterEnd(token, list))
            : read(token, Math.min(maxChanges, MAX_RECORDS), deadline)
                .thenApply(answer -> page(token, answer, Math.min(maxChanges, MAX_RECORDS)));
    return page.exceptionally(
        failure -> {
          throw lostIfGone(token, failure);
        });
  }

  private CompletableFuture<List<FeedPosition>> positions(
      Start start, String stream, Shards list, Deadline deadline) {
    if (list.shards().isEmpty()) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          "DynamoDB table " + table + " has a new stream that lists no shards yet: try again");
    }
    ShardTree tree = new ShardTree(list.shards());
    List<CompletableFuture<List<FeedToken>>> parts = new ArrayList<>();
    if (start == Start.EARLIEST) {
      for (String parent : tree.parents()) {
        if (!tree.isListed(parent)) {
          parts.add(oldest(stream, parent, tree, deadline));
        }
      }
    } else {
      for (String leaf : tree.leaves()) {
        parts.add(endOf(stream, leaf, deadline));
      }
      List<FeedToken> siblings =
          tree.parents().stream()
              .flatMap(parent -> awaitingSiblings(stream, parent, tree).stream())
              .toList();
      parts.add(CompletableFuture.completedFuture(siblings));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
        .thenApply(
            ignored ->
                parts.stream()
                    .flatMap(part -> part.join().stream())
                    .map(FeedToken::toPosition)
                    .toList());
  }

  /**
   * Returns the positions that follow an unlisted shard: if it still exists, the one before its own
   * oldest record, otherwise those before the oldest records of its children.
   */
  private CompletableFuture<List<FeedToken>> oldest(
      String stream, String parent, ShardTree tree, Deadline deadline) {
    FeedToken before = FeedToken.horizon(stream, parent, nowMinusTolerance());
    CompletableFuture<Boolean> isThere =
        parent.equals(FeedToken.NO_PARENT)
            ? CompletableFuture.completedFuture(false)
            : requests
                .iterator(table, before, ShardIteratorType.TRIM_HORIZON, null, deadline)
                .thenApply(iterator -> true)
                .exceptionally(
                    failure -> {
                      if (Failures.of(failure, table).kind() == Kind.NO_TABLE) {
                        return false;
                      }
                      throw Failures.of(failure, table);
                    });
    return isThere.thenApply(
        there -> {
          if (there) {
            return List.of(before);
          }
          List<FeedToken> parts = new ArrayList<>();
          for (String shard : tree.childrenOf(parent)) {
            parts.add(FeedToken.horizon(stream, shard, nowMinusTolerance()));
          }
          parts.addAll(awaitingSiblings(stream, parent, tree));
          return parts;
        });
  }

  /** Returns the position at the current end of a shard. */
  private CompletableFuture<List<FeedToken>> endOf(String stream, String shard, Deadline deadline) {
    long since = nowMinusTolerance();
    return requests
        .iterator(
            table,
            FeedToken.horizon(stream, shard, since),
            ShardIteratorType.LATEST,
            null,
            deadline)
        .thenApply(iterator -> List.of(FeedToken.latest(stream, shard, since, iterator)));
  }

  /**
   * Returns a position that finds the children of a parent that are not listed yet; none if all are
   * listed by now.
   */
  private List<FeedToken> awaitingSiblings(String stream, String parent, ShardTree tree) {
    long now = serverClock.millis();
    List<String> children = tree.childrenOf(parent);
    long made =
        parent.equals(FeedToken.NO_PARENT)
            ? madeAt(stream, now)
            : children.stream().mapToLong(child -> ShardTree.madeAt(child, now)).min().orElse(now);
    return now - made >= CHILDREN_LISTED_MILLIS
        ? List.of()
        : List.of(
            FeedToken.end(stream, parent, nowMinusTolerance(), Math.min(made, now), children));
  }

  /** Returns the time when a stream was enabled, in epoch milliseconds. Its ARN ends with it. */
  private static long madeAt(String stream, long ifUnknown) {
    Matcher label = LABEL.matcher(stream);
    try {
      return label.matches()
          ? LocalDateTime.parse(label.group(1)).toInstant(ZoneOffset.UTC).toEpochMilli()
          : ifUnknown;
    } catch (DateTimeParseException e) {
      return ifUnknown;
    }
  }

  private long nowMinusTolerance() {
    return Math.max(0, serverClock.millis() - TOLERANCE_MILLIS);
  }

  /**
   * Returns the pause between lists: short at first, and longer with the time since the shard
   * ended.
   */
  private Duration pauseOf(FeedToken token) {
    Duration most = token.children().isEmpty() ? MAX_PAUSE_WITHOUT_CHILD : MAX_PAUSE;
    long age = Math.max(0, serverClock.millis() - token.ended());
    return Duration.ofMillis(Math.min(age / 8, most.toMillis()));
  }

  private FeedPage pageAfterEnd(FeedToken token, Shards list) {
    if (serverClock.millis() - token.ended() > RETENTION_MILLIS - TOLERANCE_MILLIS) {
      throw lost(
          "shard "
              + token.shard()
              + " ended a day ago, and the shards after it may have been trimmed",
          null);
    }
    List<FeedPosition> next = new ArrayList<>();
    List<String> children = new ArrayList<>(token.children());
    for (String child : new ShardTree(list.shards()).childrenOf(token.shard())) {
      if (!children.contains(child)) {
        children.add(child);
        long since = Math.max(token.since(), ShardTree.madeAt(child, token.since()));
        next.add(FeedToken.horizon(token.stream(), child, since).toPosition());
      }
    }
    if (children.isEmpty()
        && (list.status() == StreamStatus.DISABLED || list.status() == StreamStatus.DISABLING)) {
      throw lost("its stream was disabled, and later changes were not recorded", null);
    }
    if (children.isEmpty() || list.atMillis() - token.ended() < CHILDREN_LISTED_MILLIS) {
      next.add(
          FeedToken.end(token.stream(), token.shard(), token.since(), token.ended(), children)
              .toPosition());
    }
    return new FeedPage(List.of(), List.of(), next);
  }

  /** Reads from the iterator, or from the place if the iterator has expired. */
  private CompletableFuture<GetRecordsResponse> read(
      FeedToken token, int limit, Deadline deadline) {
    String iterator = token.iterator();
    return iterator == null
        ? readFromPlace(token, limit, deadline)
        : requests
            .records(table, iterator, limit, deadline)
            .exceptionallyCompose(
                failure ->
                    canReadFromPlace(token, failure)
                        ? readFromPlace(token, limit, deadline)
                        : CompletableFuture.failedFuture(failure));
  }

  /** Reads from the place with a new iterator. */
  private CompletableFuture<GetRecordsResponse> readFromPlace(
      FeedToken token, int limit, Deadline deadline) {
    boolean atHorizon = token.place() != FeedToken.Place.AFTER;
    return requests
        .iterator(
            table,
            token,
            atHorizon ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AFTER_SEQUENCE_NUMBER,
            atHorizon ? null : token.after(),
            deadline)
        .thenCompose(iterator -> requests.records(table, iterator, limit, deadline))
        .thenApply(
            answer -> {
              // The responses have updated the service's time. Past the retention, the oldest
              // remaining record could be mistaken for the first one.
              if (atHorizon
                  && serverClock.millis() - token.since() > RETENTION_MILLIS - TOLERANCE_MILLIS) {
                throw lost("records are retained for 24 hours, and the position is older", null);
              }
              return answer;
            });
  }

  private FeedPage page(FeedToken token, GetRecordsResponse answer, int limit) {
    List<Record> found = answer.records();
    boolean mayHaveMore = found.size() >= limit || bytes(found) >= NEARLY_FULL_BYTES;
    String iterator = answer.nextShardIterator();
    long since = token.since();
    String last = null;
    if (!found.isEmpty()) {
      Record newest = found.get(found.size() - 1);
      since = Math.max(since, timeOf(newest, since));
      // A position by time continues after a record only if that record is not older than the time.
      last =
          token.place() != FeedToken.Place.LATEST || timeOf(newest, since) >= token.since()
              ? newest.dynamodb().sequenceNumber()
              : null;
    }
    if (token.place() == FeedToken.Place.LATEST) {
      found =
          found.stream().filter(record -> timeOf(record, token.since()) >= token.since()).toList();
    }
    FeedToken next;
    if (iterator == null) {
      next = FeedToken.end(token.stream(), token.shard(), since, serverClock.millis(), List.of());
    } else {
      next = last == null ? token.through(iterator) : token.after(last, since, iterator);
    }
    return records.page(found, next.toPosition(), mayHaveMore);
  }

  private static long bytes(List<Record> records) {
    long sum = 0;
    for (Record record : records) {
      Long size = record.dynamodb().sizeBytes();
      sum += size == null ? 0 : size;
    }
    return sum;
  }

  private static long timeOf(Record record, long ifUnknown) {
    Instant made = record.dynamodb().approximateCreationDateTime();
    return made == null ? ifUnknown : made.toEpochMilli();
  }

  private StoreException lostIfGone(FeedToken token, Throwable failure) {
    StoreException known = Failures.of(failure, table);
    return known.kind() == Kind.NO_TABLE && !isLost(known)
        ? lost("shard " + token.shard() + " or its records no longer exist", known)
        : known;
  }

  private static boolean isLost(StoreException failure) {
    return String.valueOf(failure.getMessage()).contains(REMEDY);
  }

  private StoreException lost(String why, @Nullable Throwable cause) {
    return new StoreException(
        Kind.NO_TABLE,
        "Changes of DynamoDB table "
            + table
            + " that follow the position are lost: "
            + why
            + ". "
            + REMEDY,
        cause);
  }

  /**
   * Returns whether reading from the place can succeed after an iterator failed. Iterators expire.
   * The service may also report an iterator in a shard without records as trimmed when the first
   * record is written, although records are retained for a day.
   */
  private static boolean canReadFromPlace(FeedToken token, Throwable failure) {
    StoreException known = StoreException.find(failure);
    Throwable cause = known == null ? null : known.getCause();
    return cause instanceof ExpiredIteratorException
        || (cause instanceof TrimmedDataAccessException && token.place() != FeedToken.Place.AFTER);
  }
}
