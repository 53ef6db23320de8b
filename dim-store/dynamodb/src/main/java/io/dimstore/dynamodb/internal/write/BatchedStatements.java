// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dimstore.dynamodb.internal.client.Failures;
import io.dimstore.dynamodb.internal.client.Requests;
import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.dynamodb.internal.encoding.ScalarCodecs;
import io.dimstore.dynamodb.internal.encoding.SystemAttributes;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.MovingAverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementError;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;

/**
 * Writes up to 25 rows in a request of PartiQL statements. Each row is first sent as an INSERT or
 * an UPDATE, whichever most recent rows needed. If that fails because the row exists or does not,
 * the row is sent as the other one. A row that neither statement can write is written with a
 * conditional put. Thread-safe.
 */
public final class BatchedStatements implements WriteStrategy {

  private static final int MAX_STATEMENTS = 25;

  /**
   * The fewest rows of a call that are sent as statements. For fewer, a put is better, since a
   * statement may have to be sent twice.
   */
  private static final int MIN_ROWS = 4;

  private static final int MAX_UNRESOLVED = 100_000;

  private final String table;
  private final Requests requests;
  private final ConditionalPuts puts;
  private final PerKeyQueue queue = new PerKeyQueue();

  /**
   * The keys whose last write failed and whose attempt may still reach the service, by their hash
   * codes. A key that shares its hash code with such a key is written with a tie number, which it
   * does not need and which does no harm.
   */
  private final Cache<Integer, Boolean> unresolved =
      Caffeine.newBuilder()
          .maximumSize(MAX_UNRESOLVED)
          .expireAfterWrite(TieBreaker.LATEST_ARRIVAL)
          .executor(Runnable::run)
          .build();

  /**
   * The moving average of the share of rows that did not exist before. It starts at 1, since most
   * tables begin empty.
   */
  private final MovingAverage absent = MovingAverage.startingAt(1, 1.0 / 16);

  private final RowBatches<BatchExecuteStatementResponse> batches;

  public BatchedStatements(String table, StoreContext context) {
    this.table = table;
    this.requests = context.requests();
    this.puts = new ConditionalPuts(table, context);
    this.batches = new RowBatches<>(MAX_STATEMENTS, context, new Carrier());
  }

  @Override
  public CompletableFuture<@Nullable Void> apply(List<ItemWrite> writes, Deadline deadline) {
    boolean few = writes.size() < MIN_ROWS;
    boolean asNew = absent.value() > 0.5;
    CompletableFuture<?>[] all = new CompletableFuture<?>[writes.size()];
    // The rows are queued together, so that a concurrent flush does not send the first ones alone.
    List<RowAttempt> rowsOfCall = new ArrayList<>(writes.size());
    Thread caller = Thread.currentThread();
    boolean[] allSubmitted = new boolean[1];
    for (int i = 0; i < all.length; i++) {
      ItemWrite write = writes.get(i);
      all[i] =
          queue.submit(
              write.key(),
              () -> {
                RowAttempt row = new RowAttempt(write, deadline, asNew);
                if (!unresolved.asMap().isEmpty()
                    && unresolved.getIfPresent(write.key().hashCode()) != null) {
                  row.mayArriveLate();
                }
                if (few || !write.statements().usable()) {
                  put(row);
                } else if (Thread.currentThread() == caller && !allSubmitted[0]) {
                  rowsOfCall.add(row);
                } else {
                  batches.add(row);
                }
                return row.result();
              });
    }
    allSubmitted[0] = true;
    batches.add(rowsOfCall);
    batches.flush();
    return CompletableFuture.allOf(all);
  }

  /**
   * Writes the row with a put. Completing the result queues the next write of the key, so the queue
   * is flushed afterwards.
   */
  private void put(RowAttempt row) {
    puts.put(row)
        .whenComplete(
            (applied, failure) -> {
              if (failure == null) {
                row.result().complete(applied);
              } else {
                failAfterAttempt(row, Failures.of(failure, table));
              }
              batches.flush();
            });
  }

  private void failAfterAttempt(RowAttempt row, StoreException failure) {
    if (Failures.mayArriveLate(failure.kind())) {
      row.mayArriveLate();
    }
    fail(row, failure);
  }

  /**
   * Fails the row, and remembers its key if an attempt may still reach the service. The last
   * failure alone does not tell: it may be a throttle, after an earlier attempt that timed out.
   */
  private void fail(RowAttempt row, Throwable failure) {
    if (row.tieNumber() != TieBreaker.NONE) {
      unresolved.put(row.write().key().hashCode(), true);
    }
    row.result().completeExceptionally(failure);
  }

  private final class Carrier implements RowBatches.Carrier<BatchExecuteStatementResponse> {

    @Override
    public CompletableFuture<BatchExecuteStatementResponse> send(
        List<RowAttempt> batch, Deadline deadline) {
      List<ItemWrite> rows = new ArrayList<>(batch.size());
      for (RowAttempt row : batch) {
        rows.add(row.write());
      }
      return requests.batchStatements(
          table,
          mayArriveLate -> {
            if (mayArriveLate) {
              batch.forEach(RowAttempt::mayArriveLate);
            }
            return statements(batch);
          },
          rows,
          deadline);
    }

    private List<BatchStatementRequest> statements(List<RowAttempt> batch) {
      List<BatchStatementRequest> statements = new ArrayList<>(batch.size());
      for (RowAttempt row : batch) {
        ItemWrite write = row.write();
        Map<String, AttributeValue> item =
            TieBreaker.withTieNumber(write.item(), write.bytes(), row.tieNumber());
        statements.add(
            row.asNew()
                ? write.statements().insert(table, item)
                : write.statements().update(table, item));
      }
      return statements;
    }

    @Override
    public void complete(
        List<RowAttempt> batch,
        @Nullable BatchExecuteStatementResponse answer,
        @Nullable Throwable failure) {
      if (failure != null || answer == null || !isOf(answer, batch)) {
        fail(batch, failure == null ? wrongAnswer() : failure);
        return;
      }
      List<RowAttempt> again = new ArrayList<>();
      List<RowAttempt> later = new ArrayList<>();
      int failures = 0;
      int throttled = 0;
      for (int i = 0; i < batch.size(); i++) {
        RowAttempt row = batch.get(i);
        BatchStatementError error = answer.responses().get(i).error();
        StoreException.Kind passing = error == null ? null : Failures.passing(error.code());
        if (error != null && passing != null) {
          failures = Math.max(failures, row.failed(notWritten(passing, error)));
          if (passing == StoreException.Kind.THROTTLED) {
            throttled++;
          } else {
            row.mayArriveLate();
          }
          later.add(row);
        } else if (complete(row, error)) {
          again.add(row);
        }
      }
      if (throttled > 0) {
        requests.countThrottled(throttled);
      }
      batches.postpone(later, failures);
      // Added together, so that they share a request again.
      batches.add(again);
    }

    /** Returns whether the answer has a response for each row, and none of another table or key. */
    private boolean isOf(BatchExecuteStatementResponse answer, List<RowAttempt> batch) {
      if (answer.responses().size() != batch.size()) {
        return false;
      }
      for (int i = 0; i < batch.size(); i++) {
        BatchStatementResponse response = answer.responses().get(i);
        BatchStatementError error = response.error();
        ItemWrite write = batch.get(i).write();
        if ((response.tableName() != null && !response.tableName().equals(table))
            || (error != null
                && error.hasItem()
                && !error.item().isEmpty()
                && !write.statements().isSameKey(write.item(), error.item()))) {
          return false;
        }
      }
      return true;
    }

    private StoreException wrongAnswer() {
      return new StoreException(
          StoreException.Kind.UNAVAILABLE,
          "DynamoDB table "
              + table
              + " returned responses that do not match the statements; the outcome of the rows is"
              + " unknown");
    }

    private void fail(List<RowAttempt> batch, Throwable failure) {
      StoreException known = Failures.of(failure, table);
      // A put shows which key was refused, and may be permitted when statements are not.
      boolean refused =
          known.kind() == StoreException.Kind.INVALID || Failures.isAboutPermission(known);
      for (RowAttempt row : batch) {
        if (refused) {
          put(row);
        } else {
          failAfterAttempt(row, known);
        }
      }
    }

    @Override
    public void fail(RowAttempt row, Throwable failure) {
      row.mayArriveLate();
      BatchedStatements.this.fail(row, failure);
    }

    @Override
    public void giveUp(RowAttempt row) {
      BatchedStatements.this.fail(row, row.reasonToGiveUp());
    }

    /**
     * Completes the row or sends it as a put. Returns true if the row must be sent again with the
     * other statement instead.
     */
    private boolean complete(RowAttempt row, @Nullable BatchStatementError error) {
      if (error == null) {
        observe(row, row.asNew());
        row.result().complete(true);
        return false;
      }
      if (row.asNew() && error.code() == BatchStatementErrorCodeEnum.DUPLICATE_ITEM) {
        observe(row, false);
        return switchStatement(row);
      }
      if (!row.asNew() && error.code() == BatchStatementErrorCodeEnum.CONDITIONAL_CHECK_FAILED) {
        observe(row, error.item().isEmpty());
        if (error.item().isEmpty()) {
          return switchStatement(row);
        }
        AttributeValue stored = error.item().get(SystemAttributes.VERSION);
        if (stored != null && isNewer(stored, row.write().version())) {
          requests.countSuperseded();
          row.result().complete(false);
          return false;
        }
        row.raiseTieNumber(error.item());
      }
      // Any other error: a put fails for the same reason, and its message says more.
      put(row);
      return false;
    }

    private void observe(RowAttempt row, boolean wasAbsent) {
      if (row.isFirstStatement()) {
        absent.add(wasAbsent ? 1 : 0);
      }
    }

    private boolean switchStatement(RowAttempt row) {
      if (row.isFirstStatement()) {
        row.switchStatement();
        return true;
      }
      put(row);
      return false;
    }

    private StoreException notWritten(StoreException.Kind kind, BatchStatementError error) {
      return new StoreException(
          kind,
          "DynamoDB table "
              + table
              + " did not write the row before the deadline ("
              + error.codeAsString()
              + ": "
              + error.message()
              + ")");
    }

    private static boolean isNewer(AttributeValue stored, long version) {
      try {
        return ScalarCodecs.wholeNumber(stored) > version;
      } catch (RuntimeException e) {
        return false;
      }
    }
  }
}
