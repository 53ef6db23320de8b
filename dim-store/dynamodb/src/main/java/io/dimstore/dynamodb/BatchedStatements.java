package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementError;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;

/**
 * Up to 25 rows a request: each as an INSERT or an UPDATE, whichever most rows before it needed,
 * and as the other one where that was wrong. Whatever neither can settle is a conditional put.
 */
final class BatchedStatements implements WriteStrategy {

  private static final int MAX_STATEMENTS = 25;

  /** Fewer rows than this are not worth a statement that may have to be sent twice. */
  private static final int MIN_ROWS = 4;

  /** What one row may fail of though the request succeeds, and may not fail of again. */
  private static final Map<BatchStatementErrorCodeEnum, StoreException.Kind> PASSING =
      new EnumMap<>(
          Map.of(
              BatchStatementErrorCodeEnum.PROVISIONED_THROUGHPUT_EXCEEDED,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.THROTTLING_ERROR,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.REQUEST_LIMIT_EXCEEDED,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.TRANSACTION_CONFLICT,
              StoreException.Kind.THROTTLED,
              BatchStatementErrorCodeEnum.INTERNAL_SERVER_ERROR,
              StoreException.Kind.UNAVAILABLE));

  private final String table;
  private final Requests requests;
  private final ConditionalPuts puts;
  private final KeyLanes lanes = new KeyLanes();
  private final AbsentShare absent = new AbsentShare();
  private final RowBatches<BatchExecuteStatementResponse> batches;

  BatchedStatements(String table, Engine engine) {
    this.table = table;
    this.requests = engine.requests();
    this.puts = new ConditionalPuts(table, engine);
    this.batches = new RowBatches<>(MAX_STATEMENTS, engine, new Carrier());
  }

  @Override
  public CompletableFuture<@Nullable Void> apply(List<ItemWrite> writes, Deadline deadline) {
    boolean few = writes.size() < MIN_ROWS;
    boolean asNew = absent.isLikely();
    CompletableFuture<?>[] all = new CompletableFuture<?>[writes.size()];
    for (int i = 0; i < all.length; i++) {
      ItemWrite write = writes.get(i);
      all[i] =
          lanes.submit(
              write.key(),
              () -> {
                RowAttempt row = new RowAttempt(write, deadline, asNew);
                if (few || !write.statements().usable()) {
                  put(row);
                } else {
                  batches.add(row);
                }
                return row.result();
              });
    }
    batches.flush();
    return CompletableFuture.allOf(all);
  }

  /** Whether the service throttled a row inside of this answer. */
  static boolean isThrottled(BatchExecuteStatementResponse answer) {
    for (var row : answer.responses()) {
      if (row.error() != null && PASSING.get(row.error().code()) == StoreException.Kind.THROTTLED) {
        return true;
      }
    }
    return false;
  }

  /** A next write of the key, which waits for this one, is queued when the result is there. */
  private void put(RowAttempt row) {
    puts.put(row.write(), row.deadline())
        .whenComplete(
            (applied, failure) -> {
              if (failure == null) {
                row.result().complete(applied);
              } else {
                row.result().completeExceptionally(failure);
              }
              batches.flush();
            });
  }

  private final class Carrier implements RowBatches.Carrier<BatchExecuteStatementResponse> {

    @Override
    public CompletableFuture<BatchExecuteStatementResponse> send(
        List<RowAttempt> batch, Deadline deadline) {
      List<BatchStatementRequest> statements = new ArrayList<>(batch.size());
      List<ItemWrite> rows = new ArrayList<>(batch.size());
      for (RowAttempt row : batch) {
        ItemWrite write = row.write();
        statements.add(
            row.asNew()
                ? write.statements().insert(table, write.item())
                : write.statements().update(table, write.item()));
        rows.add(write);
      }
      return requests.batchStatements(table, statements, rows, deadline);
    }

    @Override
    public void settle(
        List<RowAttempt> batch,
        @Nullable BatchExecuteStatementResponse answer,
        @Nullable Throwable failure) {
      if (failure != null || answer == null || answer.responses().size() != batch.size()) {
        fail(batch, failure == null ? new IllegalStateException("no answer") : failure);
        return;
      }
      List<RowAttempt> again = new ArrayList<>();
      List<RowAttempt> later = new ArrayList<>();
      int failures = 0;
      int throttled = 0;
      for (int i = 0; i < batch.size(); i++) {
        RowAttempt row = batch.get(i);
        BatchStatementError error = answer.responses().get(i).error();
        StoreException.Kind passing = error == null ? null : PASSING.get(error.code());
        if (error != null && passing != null) {
          failures = Math.max(failures, row.failed(notTaken(passing, error)));
          throttled += passing == StoreException.Kind.THROTTLED ? 1 : 0;
          later.add(row);
        } else if (settle(row, error)) {
          again.add(row);
        }
      }
      if (throttled > 0) {
        requests.countThrottled(throttled);
      }
      batches.postpone(later, failures);
      // All at once, so that they share a request again.
      batches.add(again);
    }

    private void fail(List<RowAttempt> batch, Throwable failure) {
      StoreException known = Failures.of(failure, table);
      // A put says which key is to blame, and may be allowed where statements are not.
      boolean refused =
          known.kind() == StoreException.Kind.INVALID || Failures.isAboutPermission(known);
      for (RowAttempt row : batch) {
        if (refused) {
          put(row);
        } else {
          row.result().completeExceptionally(known);
        }
      }
    }

    /** Ends the row or leaves it to a put, unless it is to be sent again the other way: true. */
    private boolean settle(RowAttempt row, @Nullable BatchStatementError error) {
      if (error == null) {
        observe(row, row.asNew());
        row.result().complete(true);
        return false;
      }
      if (row.asNew() && error.code() == BatchStatementErrorCodeEnum.DUPLICATE_ITEM) {
        observe(row, false);
        return turn(row);
      }
      if (!row.asNew() && error.code() == BatchStatementErrorCodeEnum.CONDITIONAL_CHECK_FAILED) {
        observe(row, error.item().isEmpty());
        if (error.item().isEmpty()) {
          return turn(row);
        }
        AttributeValue stored = error.item().get(SystemAttributes.VERSION);
        if (stored != null && isNewer(stored, row.write().version())) {
          requests.countSuperseded();
          row.result().complete(false);
          return false;
        }
      }
      // Also what failed for a reason of its own: the put meets it too, and says it better.
      put(row);
      return false;
    }

    private void observe(RowAttempt row, boolean wasAbsent) {
      if (row.isFirstWay()) {
        absent.observe(wasAbsent);
      }
    }

    private boolean turn(RowAttempt row) {
      if (row.isFirstWay()) {
        row.turn();
        return true;
      }
      put(row);
      return false;
    }

    private StoreException notTaken(StoreException.Kind kind, BatchStatementError error) {
      return new StoreException(
          kind,
          "DynamoDB table "
              + table
              + " did not take the row until the deadline ("
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
