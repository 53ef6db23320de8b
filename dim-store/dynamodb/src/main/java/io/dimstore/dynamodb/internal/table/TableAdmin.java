// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import io.dimstore.dynamodb.internal.client.Failures;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.dynamodb.internal.encoding.KeySchema;
import io.dimstore.dynamodb.internal.encoding.SystemAttributes;
import io.dimstore.dynamodb.internal.options.Creation;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
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

/** Creates tables, and validates existing ones. Thread-safe. */
public final class TableAdmin {

  private static final Logger LOG = LoggerFactory.getLogger(TableAdmin.class);
  private static final Backoff POLL = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));

  private final DynamoDbAsyncClient client;
  private final Requests requests;
  private final RetryTimer retries;
  private final Creation creation;

  public TableAdmin(
      DynamoDbAsyncClient client,
      Requests requests,
      ScheduledExecutorService timer,
      Creation creation) {
    this.client = client;
    this.requests = requests;
    this.retries = new RetryTimer(timer);
    this.creation = creation;
  }

  public CompletableFuture<@Nullable Void> ping(Deadline deadline) {
    return requests
        .admin(
            "",
            deadline,
            override -> client.listTables(list -> list.limit(1).overrideConfiguration(override)))
        .thenApply(ignored -> null);
  }

  /**
   * Creates the table with the settings of the options and enables its time to live. Of an existing
   * table only the time to live is enabled, if it is off and the table has this key: its creator
   * may have ended before that. Fails if the time to live of such a table deletes acknowledged
   * rows. Completes when the table can be used.
   */
  public CompletableFuture<@Nullable Void> createIfAbsent(
      String table, KeyLayout key, boolean stream, Deadline deadline) {
    return describe(table, deadline)
        .handle(
            (description, failure) -> {
              if (failure == null) {
                return awaitActive(table, deadline)
                    .thenCompose(active -> completeCreation(table, key, description, deadline));
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
                            create.streamSpecification(StreamSettings.SPECIFICATION);
                          }
                          creation.applyTo(create);
                        })
                    .handle(
                        (created, failure) -> {
                          // Another process has created it, or the response to our own request was
                          // lost.
                          if (failure != null
                              && !(failure.getCause() instanceof ResourceInUseException)) {
                            throw Failures.of(failure, table);
                          }
                          return true;
                        }))
        .thenCompose(ignored -> awaitActive(table, deadline))
        .thenCompose(active -> enableTimeToLive(table, deadline));
  }

  /**
   * Enables the time to live of an existing table if it is off. A caller without the right to do so
   * may use the table all the same, so a failure that no retry can change is only logged.
   */
  private CompletableFuture<@Nullable Void> completeCreation(
      String table, KeyLayout key, TableDescription existing, Deadline deadline) {
    if (!new KeySchema(key).isSame(existing)) {
      return CompletableFuture.completedFuture(null);
    }
    return timeToLive(table, deadline)
        .handle(
            (found, failure) -> {
              if (failure != null) {
                logOrThrow(table, failure);
                return CompletableFuture.<@Nullable Void>completedFuture(null);
              }
              requireSafe(table, found);
              return found.timeToLiveStatus() == TimeToLiveStatus.DISABLED
                  ? enableTimeToLive(table, deadline)
                      .exceptionally(
                          refusal -> {
                            logOrThrow(table, refusal);
                            return null;
                          })
                  : CompletableFuture.<@Nullable Void>completedFuture(null);
            })
        .thenCompose(Function.identity());
  }

  /**
   * Logs that the time to live could not be read or enabled, as for a caller without the right to
   * do so.
   *
   * @throws StoreException if a retry can succeed
   */
  static void logOrThrow(String table, Throwable failure) {
    StoreException known = Failures.of(failure, table);
    if (known.kind().isRetryable() || known.kind() == Kind.CLOSED) {
      throw known;
    }
    LOG.warn(
        "It is unknown whether DynamoDB table {} has its time to live: {}",
        table,
        known.getMessage());
  }

  private static void requireSafe(String table, TimeToLiveDescription found) {
    StoreException refusal = TimeToLiveRule.refusal(table, found);
    if (refusal != null) {
      throw refusal;
    }
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

  /**
   * Accepts the refusal if the time to live is enabled already, for instance by a request whose
   * response was lost.
   */
  private CompletableFuture<@Nullable Void> requireTimeToLive(
      String table, Deadline deadline, Throwable refusal) {
    return timeToLive(table, deadline)
        .thenApply(
            found -> {
              if (TimeToLiveRule.isOurs(found)) {
                return null;
              }
              requireSafe(table, found);
              throw Failures.of(refusal, table);
            });
  }

  private CompletableFuture<@Nullable Void> awaitActive(String table, Deadline deadline) {
    return retries
        .until(() -> isActive(table, deadline), POLL, deadline)
        .thenApply(
            active -> {
              if (!active) {
                throw new StoreException(
                    Kind.TIMEOUT,
                    "DynamoDB table " + table + " could not be used within 'create-timeout'");
              }
              return null;
            });
  }

  /** Returns whether the table can be used. A table that was just created may be unknown yet. */
  private CompletableFuture<Boolean> isActive(String table, Deadline deadline) {
    return describe(table, deadline)
        .handle(
            (description, failure) -> {
              if (failure == null) {
                return isUsable(description);
              }
              StoreException known = Failures.of(failure, table);
              if (known.kind() == Kind.NO_TABLE) {
                return false;
              }
              throw known;
            });
  }

  /**
   * Fails unless the table exists, can be used and has this key, or if its time to live deletes
   * acknowledged rows. Logs a warning if its time to live is not enabled.
   */
  public CompletableFuture<@Nullable Void> validate(
      String table, KeyLayout key, Deadline deadline) {
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
        .thenCompose(fits -> checkTimeToLive(table, deadline));
  }

  /**
   * Fails if the time to live deletes acknowledged rows. Logs a warning if it is not enabled, as in
   * a restored table. That is not a failure, because readers treat expired rows as absent whether
   * or not the service has deleted them. But the service deletes no expired rows and tombstones.
   */
  private CompletableFuture<@Nullable Void> checkTimeToLive(String table, Deadline deadline) {
    return timeToLive(table, deadline)
        .handle(
            (found, failure) -> {
              if (failure != null) {
                logOrThrow(table, failure);
                return null;
              }
              requireSafe(table, found);
              if (!TimeToLiveRule.isOurs(found)) {
                LOG.warn(
                    "DynamoDB table {} has no time to live: expired rows and tombstones remain"
                        + " stored and are charged. Remedy: {}",
                    table,
                    TimeToLiveRule.command(table, true, SystemAttributes.TIME_TO_LIVE));
              }
              return null;
            });
  }

  /** Reads the time to live of a table. */
  CompletableFuture<TimeToLiveDescription> timeToLive(String table, Deadline deadline) {
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

  public CompletableFuture<TableDescription> describe(String table, Deadline deadline) {
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
                        + " was requested, but the response describes "
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
