package io.dimstore.dynamodb;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementError;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;

/**
 * Up to 25 rows a request: each as an INSERT or an UPDATE, whichever the rows before it needed, and
 * as the other one where that was wrong. Whatever neither can settle is a conditional put.
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

  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

  private final String table;
  private final Requests requests;
  private final InFlight inFlight;
  private final ConditionalPuts puts;
  private final ScheduledExecutorService timer;
  private final KeyLanes lanes = new KeyLanes();
  private final Queue<Attempt> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger flushes = new AtomicInteger();
  private volatile boolean rowsAreNew = true;

  BatchedStatements(String table, Engine engine) {
    this.table = table;
    this.requests = engine.requests();
    this.inFlight = engine.writes();
    this.timer = engine.timer();
    this.puts = new ConditionalPuts(table, engine);
  }

  @Override
  public CompletableFuture<@Nullable Void> apply(List<ItemWrite> writes, Deadline deadline) {
    boolean few = writes.size() < MIN_ROWS;
    boolean asNew = rowsAreNew;
    CompletableFuture<?>[] all = new CompletableFuture<?>[writes.size()];
    for (int i = 0; i < all.length; i++) {
      ItemWrite write = writes.get(i);
      all[i] =
          lanes.submit(
              write.key(),
              () ->
                  few || !write.statements().usable()
                      ? putAlone(write, deadline)
                      : enqueue(new Attempt(write, deadline, asNew, false)));
    }
    flush();
    return CompletableFuture.allOf(all);
  }

  private CompletableFuture<Boolean> enqueue(Attempt attempt) {
    queue.add(attempt);
    return attempt.result;
  }

  private CompletableFuture<Boolean> putAlone(ItemWrite write, Deadline deadline) {
    Attempt attempt = new Attempt(write, deadline, false, true);
    attempt.put();
    return attempt.result;
  }

  /**
   * Sends what is queued. One thread at a time goes round, for as long as others come meanwhile: no
   * recursion, however many fail at once.
   */
  private void flush() {
    if (flushes.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      List<Attempt> batch = nextBatch();
      while (!batch.isEmpty()) {
        List<Attempt> sent = batch;
        Deadline deadline = latest(sent);
        inFlight
            .submit(deadline, () -> send(sent, deadline))
            .whenComplete((answer, failure) -> settle(sent, answer, failure));
        batch = nextBatch();
      }
      seen = flushes.addAndGet(-seen);
    } while (seen != 0);
  }

  /** The lanes see to it that no two rows that are queued share a key. */
  private List<Attempt> nextBatch() {
    List<Attempt> batch = new ArrayList<>(MAX_STATEMENTS);
    while (batch.size() < MAX_STATEMENTS) {
      Attempt next = queue.poll();
      if (next == null) {
        return batch;
      }
      if (next.deadline.isOver()) {
        next.result.completeExceptionally(
            new StoreException(
                StoreException.Kind.TIMEOUT, "The deadline was over before the request left"));
      } else {
        batch.add(next);
      }
    }
    return batch;
  }

  /** Whether the service throttled a row inside of this answer. */
  static boolean isThrottled(BatchExecuteStatementResponse answer) {
    return answer.responses().stream()
        .anyMatch(
            row ->
                row.error() != null
                    && PASSING.get(row.error().code()) == StoreException.Kind.THROTTLED);
  }

  /** Each call ends by its own deadline whatever its rows share a request with. */
  private static Deadline latest(List<Attempt> batch) {
    Deadline latest = batch.get(0).deadline;
    for (Attempt attempt : batch) {
      if (attempt.deadline.remainingNanos() > latest.remainingNanos()) {
        latest = attempt.deadline;
      }
    }
    return latest;
  }

  private CompletableFuture<BatchExecuteStatementResponse> send(
      List<Attempt> batch, Deadline deadline) {
    List<BatchStatementRequest> statements = new ArrayList<>(batch.size());
    for (Attempt attempt : batch) {
      Map<String, AttributeValue> item = attempt.write.item();
      statements.add(
          attempt.asNew
              ? Statements.insert(table, item)
              : attempt.write.statements().update(table, item));
    }
    List<ItemWrite> rows = batch.stream().map(attempt -> attempt.write).toList();
    return requests.batchStatements(table, statements, rows, deadline);
  }

  private void settle(
      List<Attempt> batch,
      @Nullable BatchExecuteStatementResponse answer,
      @Nullable Throwable failure) {
    if (failure != null || answer == null || answer.responses().size() != batch.size()) {
      StoreException known =
          Failures.of(failure == null ? new IllegalStateException("no answer") : failure, table);
      // A put says which key is to blame, and may be allowed where statements are not.
      boolean refused =
          known.kind() == StoreException.Kind.INVALID || Failures.isAboutPermission(known);
      for (Attempt attempt : batch) {
        if (refused) {
          attempt.put();
        } else {
          attempt.result.completeExceptionally(known);
        }
      }
    } else {
      List<Attempt> again = new ArrayList<>();
      List<Attempt> later = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        Attempt attempt = batch.get(i);
        BatchStatementError error = answer.responses().get(i).error();
        if (error != null && PASSING.containsKey(error.code())) {
          attempt.passing = error;
          later.add(attempt);
          continue;
        }
        Attempt next = attempt.settle(error);
        if (next != null) {
          again.add(next);
        }
      }
      postpone(later);
      // All at once, so that they share a request again.
      queue.addAll(again);
    }
    flush();
  }

  /** Sends rows again after a pause, as far as their calls still have time for it. */
  private void postpone(List<Attempt> rows) {
    if (rows.isEmpty()) {
      return;
    }
    int failures = 0;
    int throttled = 0;
    for (Attempt row : rows) {
      failures = Math.max(failures, ++row.failures);
      throttled += row.kindOfPassing() == StoreException.Kind.THROTTLED ? 1 : 0;
    }
    if (throttled > 0) {
      requests.countThrottled(throttled);
    }
    long wait = PAUSE.nanos(failures);
    List<Attempt> waiting = new ArrayList<>(rows.size());
    for (Attempt row : rows) {
      if (wait < row.deadline.remainingNanos()) {
        waiting.add(row);
      } else {
        row.fail();
      }
    }
    try {
      timer.schedule(
          () -> {
            queue.addAll(waiting);
            flush();
          },
          wait,
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The store is being closed.
      waiting.forEach(Attempt::fail);
    }
  }

  /** One row on its way. */
  private final class Attempt {
    private final ItemWrite write;
    private final Deadline deadline;
    private final boolean asNew;
    private final boolean isSecond;
    private final CompletableFuture<Boolean> result;
    private int failures;
    private @Nullable BatchStatementError passing;

    Attempt(ItemWrite write, Deadline deadline, boolean asNew, boolean isSecond) {
      this(write, deadline, asNew, isSecond, new CompletableFuture<>());
    }

    private Attempt(
        ItemWrite write,
        Deadline deadline,
        boolean asNew,
        boolean isSecond,
        CompletableFuture<Boolean> result) {
      this.write = write;
      this.deadline = deadline;
      this.asNew = asNew;
      this.isSecond = isSecond;
      this.result = result;
    }

    /** Ends the attempt, or says which is the next. */
    @Nullable Attempt settle(@Nullable BatchStatementError error) {
      if (error == null) {
        result.complete(true);
        return null;
      }
      if (asNew && error.code() == BatchStatementErrorCodeEnum.DUPLICATE_ITEM) {
        rowsAreNew = false;
        return otherWay();
      }
      if (!asNew && error.code() == BatchStatementErrorCodeEnum.CONDITIONAL_CHECK_FAILED) {
        if (error.item().isEmpty()) {
          rowsAreNew = true;
          return otherWay();
        }
        AttributeValue stored = error.item().get(SystemAttributes.VERSION);
        if (stored != null && isNewer(stored)) {
          requests.countSuperseded();
          result.complete(false);
          return null;
        }
      }
      // Also what failed for a reason of its own: the put meets it too, and says it better.
      put();
      return null;
    }

    StoreException.Kind kindOfPassing() {
      return passing == null
          ? StoreException.Kind.UNAVAILABLE
          : PASSING.getOrDefault(passing.code(), StoreException.Kind.UNAVAILABLE);
    }

    /** For a reason that would have passed with more time. */
    void fail() {
      result.completeExceptionally(
          new StoreException(
              kindOfPassing(),
              "DynamoDB table "
                  + table
                  + " did not take the row until the deadline ("
                  + (passing == null ? "" : passing.codeAsString() + ": " + passing.message())
                  + ")"));
    }

    private boolean isNewer(AttributeValue stored) {
      try {
        return ScalarCodecs.wholeNumber(stored) > write.version();
      } catch (RuntimeException e) {
        return false;
      }
    }

    private @Nullable Attempt otherWay() {
      if (isSecond) {
        put();
        return null;
      }
      return new Attempt(write, deadline, !asNew, true, result);
    }

    /**
     * A next write of the key, which waits for this one, joins the queue when the result is there.
     */
    void put() {
      puts.put(write, deadline)
          .whenComplete(
              (applied, failure) -> {
                if (failure == null) {
                  result.complete(applied);
                } else {
                  result.completeExceptionally(failure);
                }
                flush();
              });
    }
  }
}
