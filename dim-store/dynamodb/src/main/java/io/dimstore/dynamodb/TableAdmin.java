package io.dimstore.dynamodb;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Creates tables and compares them with what is expected of them. */
final class TableAdmin {

  private static final Logger LOG = LoggerFactory.getLogger(TableAdmin.class);
  private static final Backoff POLL = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));

  private final DynamoDbAsyncClient client;
  private final Requests requests;
  private final ScheduledExecutorService timer;
  private final Creation creation;

  TableAdmin(
      DynamoDbAsyncClient client,
      Requests requests,
      ScheduledExecutorService timer,
      Creation creation) {
    this.client = client;
    this.requests = requests;
    this.timer = timer;
    this.creation = creation;
  }

  CompletableFuture<@Nullable Void> ping(Deadline deadline) {
    return requests
        .admin(
            "",
            deadline,
            override -> client.listTables(list -> list.limit(1).overrideConfiguration(override)))
        .thenApply(ignored -> null);
  }

  /** Creates the table as the options say and with a time to live, unless it is there. */
  CompletableFuture<@Nullable Void> createIfAbsent(
      String table, KeyLayout key, boolean stream, Deadline deadline) {
    return describe(table, deadline)
        .handle(
            (description, failure) -> {
              if (failure == null) {
                return awaitActive(table, deadline, 1);
              }
              StoreException known = Failures.of(failure, table);
              return known.kind() == Kind.NO_TABLE
                  ? create(table, key, stream, deadline)
                  : CompletableFuture.<@Nullable Void>failedFuture(known);
            })
        .thenCompose(Function.identity());
  }

  private CompletableFuture<@Nullable Void> create(
      String table, KeyLayout key, boolean stream, Deadline deadline) {
    return requests
        .admin(
            table,
            deadline,
            override ->
                client
                    .createTable(
                        create -> {
                          create.tableName(table).overrideConfiguration(override);
                          new KeySchema(key).applyTo(create);
                          if (stream) {
                            create.streamSpecification(Streams.SPECIFICATION);
                          }
                          creation.applyTo(create);
                        })
                    .handle(
                        (created, failure) -> {
                          // Another process was first, or the answer to our own request was lost.
                          if (failure != null
                              && !(failure.getCause() instanceof ResourceInUseException)) {
                            throw Failures.of(failure, table);
                          }
                          return true;
                        }))
        .thenCompose(ignored -> awaitActive(table, deadline, 1))
        .thenCompose(active -> enableTimeToLive(table, deadline));
  }

  private CompletableFuture<@Nullable Void> enableTimeToLive(String table, Deadline deadline) {
    return requests
        .admin(
            table,
            deadline,
            override ->
                client.updateTimeToLive(
                    update ->
                        update
                            .tableName(table)
                            .timeToLiveSpecification(
                                ttl ->
                                    ttl.enabled(true).attributeName(SystemAttributes.TIME_TO_LIVE))
                            .overrideConfiguration(override)))
        .handle(
            (enabled, failure) ->
                failure == null
                    ? CompletableFuture.<@Nullable Void>completedFuture(null)
                    : requireTimeToLive(table, deadline, failure))
        .thenCompose(Function.identity());
  }

  /** The service refuses to enable twice, as after an answer that was lost. */
  private CompletableFuture<@Nullable Void> requireTimeToLive(
      String table, Deadline deadline, Throwable refusal) {
    return describeTimeToLive(table, deadline)
        .thenApply(
            found -> {
              if (isOurs(found)) {
                return null;
              }
              throw Failures.of(refusal, table);
            });
  }

  private CompletableFuture<@Nullable Void> awaitActive(
      String table, Deadline deadline, int attempt) {
    return describe(table, deadline)
        .handle(
            (description, failure) -> {
              if (failure == null && isUsable(description)) {
                return CompletableFuture.<@Nullable Void>completedFuture(null);
              }
              if (failure != null && Failures.of(failure, table).kind() != Kind.NO_TABLE) {
                return CompletableFuture.<@Nullable Void>failedFuture(failure);
              }
              CompletableFuture<@Nullable Void> later = new CompletableFuture<>();
              timer.schedule(() -> later.complete(null), POLL.nanos(attempt), TimeUnit.NANOSECONDS);
              return later.thenCompose(
                  ignored ->
                      deadline.isOver()
                          ? CompletableFuture.<@Nullable Void>failedFuture(
                              new StoreException(
                                  Kind.TIMEOUT,
                                  "DynamoDB table "
                                      + table
                                      + " could not be used within 'create-timeout'"))
                          : awaitActive(table, deadline, attempt + 1));
            })
        .thenCompose(Function.identity());
  }

  /** Fails unless the table is there, can be used and has this key. */
  CompletableFuture<@Nullable Void> validate(String table, KeyLayout key, Deadline deadline) {
    return describe(table, deadline)
        .thenApply(
            description -> {
              new KeySchema(key).requireSame(table, description);
              if (!isUsable(description)) {
                throw new StoreException(
                    Kind.UNAVAILABLE,
                    "DynamoDB table "
                        + table
                        + " is "
                        + description.tableStatusAsString().toLowerCase(Locale.ROOT)
                        + "; try again when it is active.");
              }
              return null;
            })
        .thenCompose(fits -> warnOfTimeToLive(table, deadline));
  }

  /**
   * Rows end on time whether or not the service deletes them, so this is no reason to fail; but
   * nothing of what has ended goes away. A restored table comes back so.
   */
  private CompletableFuture<@Nullable Void> warnOfTimeToLive(String table, Deadline deadline) {
    return describeTimeToLive(table, deadline)
        .handle(
            (found, failure) -> {
              if (failure == null && !isOurs(found)) {
                LOG.warn(
                    "DynamoDB table {} has {}: what has expired and what was deleted stays stored"
                        + " and is billed. Remedy: aws dynamodb update-time-to-live --table-name {}"
                        + " --time-to-live-specification Enabled=true,AttributeName={}",
                    table,
                    found.attributeName() == null
                        ? "no time to live"
                        : "its time to live by " + found.attributeName(),
                    table,
                    SystemAttributes.TIME_TO_LIVE);
              }
              // Who may not ask need not know.
              return null;
            });
  }

  private CompletableFuture<TimeToLiveDescription> describeTimeToLive(
      String table, Deadline deadline) {
    return requests
        .admin(
            table,
            deadline,
            override ->
                client.describeTimeToLive(
                    describe -> describe.tableName(table).overrideConfiguration(override)))
        .thenApply(
            answer -> {
              TimeToLiveDescription found = answer.timeToLiveDescription();
              return found == null ? TimeToLiveDescription.builder().build() : found;
            });
  }

  private static boolean isOurs(TimeToLiveDescription found) {
    return SystemAttributes.TIME_TO_LIVE.equals(found.attributeName())
        && found.timeToLiveStatus() != TimeToLiveStatus.DISABLED
        && found.timeToLiveStatus() != TimeToLiveStatus.DISABLING;
  }

  CompletableFuture<TableDescription> describe(String table, Deadline deadline) {
    return requests
        .admin(
            table,
            deadline,
            override ->
                client.describeTable(
                    describe -> describe.tableName(table).overrideConfiguration(override)))
        .thenApply(
            answer -> {
              TableDescription found = answer.table();
              if (found == null || !table.equals(found.tableName())) {
                throw new StoreException(
                    Kind.UNAVAILABLE,
                    "DynamoDB table "
                        + table
                        + " was asked for, and the answer describes "
                        + (found == null ? "none" : found.tableName()));
              }
              return found;
            });
  }

  private static boolean isUsable(TableDescription description) {
    return description.tableStatus() == TableStatus.ACTIVE
        || description.tableStatus() == TableStatus.UPDATING;
  }
}
