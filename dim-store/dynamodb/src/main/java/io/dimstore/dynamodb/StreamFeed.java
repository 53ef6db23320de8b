package io.dimstore.dynamodb;

import io.dimstore.dynamodb.StreamRequests.Described;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ExpiredIteratorException;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.StreamStatus;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;

/**
 * Follows a table through its stream. A part of the feed is a shard; where one ends, its children
 * take its place, and so all of a parent is read before them (F2). A position carries all that is
 * known of it: nothing is remembered here.
 */
final class StreamFeed {

  /** How long the service keeps a record at least. */
  private static final long KEPT_MILLIS = Duration.ofHours(24).toMillis();

  /** By how much the clocks of client and service may differ. */
  private static final long CLOCKS_MILLIS = Duration.ofMinutes(5).toMillis();

  private static final int MAX_RECORDS = 1_000;

  /** The service puts the time at which it made a shard, in epoch milliseconds, into its id. */
  private static final Pattern SHARD = Pattern.compile("shardId-(\\d{20})-.*");

  private final String table;
  private final StreamRecords records;
  private final StreamRequests requests;
  private final Function<Deadline, CompletableFuture<TableDescription>> describe;
  private final InstantSource wallClock = InstantSource.system();

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
  }

  CompletableFuture<List<FeedPosition>> follow(Start start, Deadline deadline) {
    return describe
        .apply(deadline)
        .thenApply(Streams::requireOn)
        .thenCompose(
            stream ->
                requests
                    .describe(table, stream, deadline)
                    .thenCompose(
                        described -> {
                          if (described.shards().isEmpty()) {
                            throw new StoreException(
                                Kind.UNAVAILABLE,
                                "DynamoDB table " + table + " has just got its stream: try again");
                          }
                          return start == Start.EARLIEST
                              ? CompletableFuture.completedFuture(earliest(stream, described))
                              : latest(stream, described, deadline);
                        }));
  }

  CompletableFuture<FeedPage> poll(FeedPosition position, int maxChanges, Deadline deadline) {
    if (maxChanges < 1) {
      throw StoreException.invalid("A page has at least 1 change, not " + maxChanges);
    }
    FeedToken token = FeedToken.of(position, table);
    if (token.place() == FeedToken.Place.END) {
      return requests
          .describe(table, token.stream(), deadline)
          .handle(
              (described, failure) -> {
                if (failure != null) {
                  throw lostIfGone(token, failure);
                }
                return goingOnAfter(token, described);
              });
    }
    int limit = Math.min(maxChanges, MAX_RECORDS);
    String iterator = token.iterator();
    CompletableFuture<Read> read =
        iterator == null
            ? reopened(token, limit, deadline)
            : requests
                .records(table, iterator, limit, deadline)
                .thenApply(answer -> new Read(answer, false))
                .exceptionallyCompose(
                    failure ->
                        canBeReopened(token, failure)
                            ? reopened(token, limit, deadline)
                            : CompletableFuture.failedFuture(failure));
    return read.handle(
        (found, failure) -> {
          if (failure != null) {
            throw lostIfGone(token, failure);
          }
          return page(token, found);
        });
  }

  /** Shards whose parent is not there any more, from their oldest record on. */
  private List<FeedPosition> earliest(String stream, Described described) {
    Set<String> kept = described.shards().stream().map(Shard::shardId).collect(Collectors.toSet());
    return described.shards().stream()
        .filter(shard -> shard.parentShardId() == null || !kept.contains(shard.parentShardId()))
        .map(shard -> FeedToken.horizon(stream, shard.shardId(), FeedToken.UNKNOWN).toPosition())
        .toList();
  }

  /** The ends of the open shards; of one that is closed meanwhile, the end is where it is read. */
  private CompletableFuture<List<FeedPosition>> latest(
      String stream, Described described, Deadline deadline) {
    long since = wallClock.millis() - CLOCKS_MILLIS;
    List<CompletableFuture<FeedPosition>> ends =
        described.shards().stream()
            .filter(shard -> !isClosed(shard))
            .map(
                shard ->
                    requests
                        .iterator(
                            table,
                            FeedToken.horizon(stream, shard.shardId(), since),
                            ShardIteratorType.LATEST,
                            null,
                            deadline)
                        .thenApply(
                            iterator ->
                                FeedToken.latest(stream, shard.shardId(), since, iterator)
                                    .toPosition()))
            .toList();
    if (ends.isEmpty()) {
      throw new StoreException(
          Kind.UNAVAILABLE, "No shard of DynamoDB table " + table + " is open just now: try again");
    }
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .thenApply(ignored -> ends.stream().map(CompletableFuture::join).toList());
  }

  private FeedPage goingOnAfter(FeedToken token, Described described) {
    List<FeedPosition> children =
        described.shards().stream()
            .filter(shard -> token.shard().equals(shard.parentShardId()))
            .map(
                shard ->
                    FeedToken.horizon(token.stream(), shard.shardId(), madeAt(shard)).toPosition())
            .toList();
    if (!children.isEmpty()) {
      return new FeedPage(List.of(), List.of(), children);
    }
    if (described.status() == StreamStatus.DISABLED
        || described.status() == StreamStatus.DISABLING) {
      throw lost("its stream was switched off, and what changed since was not recorded", null);
    }
    if (described.shards().stream().noneMatch(shard -> shard.shardId().equals(token.shard()))) {
      throw lost("shard " + token.shard() + " and what came after it are gone", null);
    }
    return new FeedPage(List.of(), List.of(), List.of(token.toPosition()));
  }

  /** Reads from the place, whatever iterators there were. */
  private CompletableFuture<Read> reopened(FeedToken token, int limit, Deadline deadline) {
    boolean atHorizon = token.place() != FeedToken.Place.AFTER;
    if (atHorizon
        && token.since() != FeedToken.UNKNOWN
        && wallClock.millis() - token.since() > KEPT_MILLIS + CLOCKS_MILLIS) {
      // The oldest record that is left would be taken for the first one.
      throw lost("its records from 24 hours ago on are kept, and the position is older", null);
    }
    return requests
        .iterator(
            table,
            token,
            atHorizon ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AFTER_SEQUENCE_NUMBER,
            atHorizon ? null : token.after(),
            deadline)
        .thenCompose(iterator -> requests.records(table, iterator, limit, deadline))
        .thenApply(answer -> new Read(answer, token.place() == FeedToken.Place.LATEST));
  }

  private FeedPage page(FeedToken token, Read read) {
    List<Record> found = read.answer().records();
    String last = found.isEmpty() ? null : found.get(found.size() - 1).dynamodb().sequenceNumber();
    String iterator = read.answer().nextShardIterator();
    FeedToken next = iterator == null ? token.ended() : token.goingOn(last, iterator);
    if (read.fromBefore()) {
      found =
          found.stream()
              .filter(
                  record ->
                      record.dynamodb().approximateCreationDateTime() == null
                          || record.dynamodb().approximateCreationDateTime().toEpochMilli()
                              >= token.since())
              .toList();
    }
    return records.page(found, next.toPosition());
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

  private static final String REMEDY =
      "Take positions with LATEST, scan the table, then go on from them.";

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

  private static boolean isClosed(Shard shard) {
    return shard.sequenceNumberRange() != null
        && shard.sequenceNumberRange().endingSequenceNumber() != null;
  }

  /** No record of the shard is older; where its id does not tell, it is as old as this moment. */
  private long madeAt(Shard shard) {
    Matcher id = SHARD.matcher(shard.shardId());
    return id.matches() ? Long.parseLong(id.group(1)) : wallClock.millis();
  }

  /**
   * What the service answered.
   *
   * @param fromBefore whether it begins before the position, at records that nobody asked for
   */
  private record Read(GetRecordsResponse answer, boolean fromBefore) {}
}
