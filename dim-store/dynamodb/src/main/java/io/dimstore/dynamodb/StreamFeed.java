package io.dimstore.dynamodb;

import io.dimstore.dynamodb.ShardLists.Shards;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
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
 * Follows a table through its stream. A part of the feed is a shard; where one ends, its children
 * take its place, and so all of a parent is read before them (F2). A position carries all that is
 * known of it: nothing is remembered here.
 *
 * <p>The service lists a new shard late, and the children of one parent one by one. So the position
 * at the end of a shard stays beside its children for {@link #SETTLED_MILLIS}, and finds those that
 * are listed later. A position whose records may have been trimmed meanwhile fails: each has the
 * time of the oldest record that it still has to find.
 */
final class StreamFeed {

  /** How long the service keeps a record at least. */
  private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

  /** Allows for what is inexact in times: cut to seconds, and taken from an answer under way. */
  private static final long INEXACT_MILLIS = Duration.ofMinutes(5).toMillis();

  /** After this time no further child of a shard is expected to be listed. */
  private static final long SETTLED_MILLIS = Duration.ofHours(6).toMillis();

  private static final Duration MAX_PAUSE_WITHOUT_CHILD = Duration.ofSeconds(5);
  private static final Duration MAX_PAUSE = Duration.ofMinutes(1);
  private static final int MAX_RECORDS = 1_000;
  private static final Pattern LABEL = Pattern.compile(".*/stream/(\\d{4}-[\\dT:.-]+)");

  private static final String REMEDY =
      "Take positions with LATEST, scan the table, then go on from them.";

  private final String table;
  private final StreamRecords records;
  private final StreamRequests requests;
  private final Function<Deadline, CompletableFuture<TableDescription>> describe;
  private final InstantSource serverClock;

  StreamFeed(
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

  CompletableFuture<List<FeedPosition>> follow(Start start, Deadline deadline) {
    return describe
        .apply(deadline)
        .thenApply(Streams::requireOn)
        .thenCompose(
            stream ->
                requests
                    .lists()
                    .now(table, stream, deadline)
                    .thenCompose(list -> positions(start, stream, list, deadline)));
  }

  CompletableFuture<FeedPage> poll(FeedPosition position, int maxChanges, Deadline deadline) {
    if (maxChanges < 1) {
      throw StoreException.invalid("A page has at least 1 change, not " + maxChanges);
    }
    FeedToken token = FeedToken.of(position, table);
    CompletableFuture<FeedPage> page =
        token.place() == FeedToken.Place.END
            ? requests
                .lists()
                .notOlderThan(pauseOf(token), table, token.stream(), deadline)
                .thenApply(list -> goingOnAfter(token, list))
            : read(token, Math.min(maxChanges, MAX_RECORDS), deadline)
                .thenApply(answer -> page(token, answer));
    return page.exceptionally(
        failure -> {
          throw lostIfGone(token, failure);
        });
  }

  private CompletableFuture<List<FeedPosition>> positions(
      Start start, String stream, Shards list, Deadline deadline) {
    if (list.shards().isEmpty()) {
      throw new StoreException(
          Kind.UNAVAILABLE, "DynamoDB table " + table + " has just got its stream: try again");
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
   * The children of a shard that is not listed, from their oldest record on; or that shard, if it
   * is there all the same.
   */
  private CompletableFuture<List<FeedToken>> oldest(
      String stream, String parent, ShardTree tree, Deadline deadline) {
    FeedToken before = FeedToken.horizon(stream, parent, aMomentAgo());
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
            parts.add(FeedToken.horizon(stream, shard, aMomentAgo()));
          }
          parts.addAll(awaitingSiblings(stream, parent, tree));
          return parts;
        });
  }

  /** The end of a shard, where one that is closed meanwhile has no more records. */
  private CompletableFuture<List<FeedToken>> endOf(String stream, String shard, Deadline deadline) {
    long since = aMomentAgo();
    return requests
        .iterator(
            table,
            FeedToken.horizon(stream, shard, since),
            ShardIteratorType.LATEST,
            null,
            deadline)
        .thenApply(iterator -> List.of(FeedToken.latest(stream, shard, since, iterator)));
  }

  /** Looks out for children of a parent that are not listed yet beside those that are. */
  private List<FeedToken> awaitingSiblings(String stream, String parent, ShardTree tree) {
    long now = serverClock.millis();
    List<String> children = tree.childrenOf(parent);
    long made =
        parent.equals(FeedToken.NO_PARENT)
            ? madeAt(stream, now)
            : children.stream().mapToLong(child -> ShardTree.madeAt(child, now)).min().orElse(now);
    return now - made >= SETTLED_MILLIS
        ? List.of()
        : List.of(FeedToken.end(stream, parent, aMomentAgo(), Math.min(made, now), children));
  }

  /** When a stream was switched on, which its ARN ends with. */
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

  private long aMomentAgo() {
    return Math.max(0, serverClock.millis() - INEXACT_MILLIS);
  }

  /** Lists again often at first, and ever less often as time goes on. */
  private Duration pauseOf(FeedToken token) {
    Duration most = token.children().isEmpty() ? MAX_PAUSE_WITHOUT_CHILD : MAX_PAUSE;
    long age = Math.max(0, serverClock.millis() - token.ended());
    return Duration.ofMillis(Math.min(age / 8, most.toMillis()));
  }

  private FeedPage goingOnAfter(FeedToken token, Shards list) {
    if (serverClock.millis() - token.ended() > KEPT_MILLIS - INEXACT_MILLIS) {
      throw lost(
          "nothing looked for the shards that follow shard " + token.shard() + " for a day", null);
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
      throw lost("its stream was switched off, and what changed since was not recorded", null);
    }
    if (children.isEmpty() || list.atMillis() - token.ended() < SETTLED_MILLIS) {
      next.add(
          FeedToken.end(token.stream(), token.shard(), token.since(), token.ended(), children)
              .toPosition());
    }
    return new FeedPage(List.of(), List.of(), next);
  }

  /** Reads on from the iterator, or from the place where that no longer leads on. */
  private CompletableFuture<GetRecordsResponse> read(
      FeedToken token, int limit, Deadline deadline) {
    String iterator = token.iterator();
    return iterator == null
        ? reopened(token, limit, deadline)
        : requests
            .records(table, iterator, limit, deadline)
            .exceptionallyCompose(
                failure ->
                    canBeReopened(token, failure)
                        ? reopened(token, limit, deadline)
                        : CompletableFuture.failedFuture(failure));
  }

  /** Reads from the place, whatever iterators there were. */
  private CompletableFuture<GetRecordsResponse> reopened(
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
              // The answers have just told the service's time. The oldest record that is left would
              // be taken for the first one.
              if (atHorizon
                  && serverClock.millis() - token.since() > KEPT_MILLIS - INEXACT_MILLIS) {
                throw lost("records are kept for 24 hours, and the position is older", null);
              }
              return answer;
            });
  }

  private FeedPage page(FeedToken token, GetRecordsResponse answer) {
    List<Record> found = answer.records();
    String iterator = answer.nextShardIterator();
    long since = token.since();
    String last = null;
    if (!found.isEmpty()) {
      Record newest = found.get(found.size() - 1);
      since = Math.max(since, timeOf(newest, since));
      // Of records before the time of the position, only the last one may be gone on after.
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
    return records.page(found, next.toPosition());
  }

  private static long timeOf(Record record, long ifUnknown) {
    Instant made = record.dynamodb().approximateCreationDateTime();
    return made == null ? ifUnknown : made.toEpochMilli();
  }

  private StoreException lostIfGone(FeedToken token, Throwable failure) {
    StoreException known = Failures.of(failure, table);
    return known.kind() == Kind.NO_TABLE && !isLost(known)
        ? lost("shard " + token.shard() + " is gone, or its records are", known)
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
   * Whether the place leads on where an iterator does not. Iterators expire; and one in a shard
   * without records may be called trimmed when the first one comes, though nothing of this age can
   * be: records are kept for a day.
   */
  private static boolean canBeReopened(FeedToken token, Throwable failure) {
    StoreException known = StoreException.find(failure);
    Throwable cause = known == null ? null : known.getCause();
    return cause instanceof ExpiredIteratorException
        || (cause instanceof TrimmedDataAccessException && token.place() != FeedToken.Place.AFTER);
  }
}
