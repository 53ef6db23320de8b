package io.dimstore.dynamodb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;

/**
 * Up to 25 rows a request: each as an INSERT or an UPDATE, whichever most rows before it needed,
 * and as the other one where that was wrong. Whatever neither can settle is a conditional put.
 */
final class BatchedStatements implements WriteStrategy {

  private static final int MAX_STATEMENTS = 25;

  /** Fewer rows than this are not worth a statement that may have to be sent twice. */
  private static final int MIN_ROWS = 4;

  private static final int MAX_UNRESOLVED = 100_000;

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

  /**
   * Hash codes of the keys of writes that failed lately, and of which an attempt may still arrive.
   * A key that is taken for another one takes a turn without need.
   */
  private final Cache<Integer, Boolean> unresolved =
      Caffeine.newBuilder()
          .maximumSize(MAX_UNRESOLVED)
          .expireAfterWrite(Turns.LATEST_ARRIVAL)
          .executor(Runnable::run)
          .build();

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
    // Queued together: a flush of another thread would take the first of them alone.
    List<RowAttempt> together = new ArrayList<>(writes.size());
    Thread caller = Thread.currentThread();
    boolean[] queued = new boolean[1];
    for (int i = 0; i < all.length; i++) {
      ItemWrite write = writes.get(i);
      all[i] =
          lanes.submit(
              write.key(),
              () -> {
                RowAttempt row = new RowAttempt(write, deadline, asNew);
                if (!unresolved.asMap().isEmpty()
                    && unresolved.getIfPresent(write.key().hashCode()) != null) {
                  row.mayArriveLate();
                }
                if (few || !write.statements().usable()) {
                  put(row);
                } else if (Thread.currentThread() == caller && !queued[0]) {
                  together.add(row);
                } else {
                  batches.add(row);
                }
                return row.result();
              });
    }
    queued[0] = true;
    batches.add(together);
    batches.flush();
    return CompletableFuture.allOf(all);
  }

  /** The kind of a row's error that may pass, or null where the row is settled another way. */
  static StoreException.@Nullable Kind passing(BatchStatementErrorCodeEnum code) {
    return PASSING.get(code);
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
    puts.put(row.write(), row.turn(), row.deadline())
        .whenComplete(
            (applied, failure) -> {
              if (failure == null) {
                row.result().complete(applied);
              } else {
                fail(row, Failures.of(failure, table));
              }
              batches.flush();
            });
  }

  private void fail(RowAttempt row, StoreException failure) {
    if (Failures.mayArriveLate(failure.kind())) {
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
        Map<String, AttributeValue> item = Turns.withTurn(write.item(), write.bytes(), row.turn());
        statements.add(
            row.asNew()
                ? write.statements().insert(table, item)
                : write.statements().update(table, item));
      }
      return statements;
    }

    @Override
    public void settle(
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
        StoreException.Kind passing = error == null ? null : PASSING.get(error.code());
        if (error != null && passing != null) {
          failures = Math.max(failures, row.failed(notTaken(passing, error)));
          if (passing == StoreException.Kind.THROTTLED) {
            throttled++;
          } else {
            row.mayArriveLate();
          }
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

    /** Whether the answer has a response for each row, and none of another table or key. */
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
              + " answered statements with responses that do not belong to them: nothing is known"
              + " of its rows");
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
          BatchedStatements.this.fail(row, known);
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
        return tryOtherWay(row);
      }
      if (!row.asNew() && error.code() == BatchStatementErrorCodeEnum.CONDITIONAL_CHECK_FAILED) {
        observe(row, error.item().isEmpty());
        if (error.item().isEmpty()) {
          return tryOtherWay(row);
        }
        AttributeValue stored = error.item().get(SystemAttributes.VERSION);
        if (stored != null && isNewer(stored, row.write().version())) {
          requests.countSuperseded();
          row.result().complete(false);
          return false;
        }
        row.goAfter(error.item());
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

    private boolean tryOtherWay(RowAttempt row) {
      if (row.isFirstWay()) {
        row.tryOtherWay();
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
