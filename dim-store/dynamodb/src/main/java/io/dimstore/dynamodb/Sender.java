package io.dimstore.dynamodb;

import io.dimstore.spi.Backoff;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * Sends requests at the rate that the table's budget allows: gives each what is left of its
 * deadline, tells the metrics what it was and cost, and turns its failure into a {@link
 * StoreException}. What the service throttles is sent again, ever slower, until the deadline.
 */
final class Sender {

  private static final String SERVER = "dynamodb";
  private static final Backoff THROTTLED =
      new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

  private static final Backoff UNANSWERED =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  private final StoreMetrics metrics;
  private final UnitBucket.Timer timer;
  private final int maxAttempts;

  /**
   * @param maxAttempts how many attempts of a write may go without an answer
   */
  Sender(StoreMetrics metrics, UnitBucket.Timer timer, int maxAttempts) {
    this.metrics = metrics;
    this.timer = timer;
    this.maxAttempts = maxAttempts;
  }

  /**
   * What a request is.
   *
   * @param asked how many keys it holds
   * @param keys how many keys it was about, as its answer says
   * @param billed what its answer says that it cost
   * @param throughput whose units it takes, or null where it takes none
   * @param expected the units that it is likely to take
   */
  record Call<R>(
      Operation operation,
      String table,
      int asked,
      ToIntFunction<R> keys,
      Function<R, Billed> billed,
      @Nullable Throughput throughput,
      double expected) {}

  /** Sends a request. The SDK sends it again where that may help. */
  <R> CompletableFuture<R> send(
      Call<R> call,
      Deadline deadline,
      Function<AwsRequestOverrideConfiguration, CompletableFuture<R>> request) {
    return send(call, deadline, new Attempts<>(1, (override, late) -> request.apply(override)));
  }

  /** Makes one attempt of a write. */
  @FunctionalInterface
  interface Attempt<R> {

    /**
     * @param mayArriveLate whether the outcome of an attempt before is unknown: it may still arrive
     */
    CompletableFuture<R> send(AwsRequestOverrideConfiguration override, boolean mayArriveLate);
  }

  /** Sends a request that becomes another one when an attempt of it ends without an answer. */
  <R> CompletableFuture<R> sendAgain(Call<R> call, Deadline deadline, Attempt<R> attempt) {
    return send(call, deadline, new Attempts<>(maxAttempts, attempt));
  }

  private <R> CompletableFuture<R> send(Call<R> call, Deadline deadline, Attempts<R> request) {
    Throughput throughput = call.throughput;
    if (throughput == null) {
      return exchange(call, deadline, request).thenApply(Answered::answer);
    }
    CompletableFuture<R> result = new CompletableFuture<>();
    new Sending<>(call, throughput, deadline, request, result).begin(1);
    return result;
  }

  /** The attempts of one request, one at a time. */
  private static final class Attempts<R> {
    private final int most;
    private final Attempt<R> attempt;
    private volatile boolean mayArriveLate;

    Attempts(int most, Attempt<R> attempt) {
      this.most = most;
      this.attempt = attempt;
    }
  }

  private <R> CompletableFuture<Answered<R>> exchange(
      Call<R> call, Deadline deadline, Attempts<R> attempts) {
    long begin = System.nanoTime();
    Exchange exchange = new Exchange();
    CompletableFuture<R> sent = attempt(attempts, exchange, deadline);
    if (attempts.most > 1) {
      CompletableFuture<R> last = new CompletableFuture<>();
      sendOn(sent, attempts, exchange, deadline, 1, last);
      sent = last;
    }
    return sent.handle(
        (answer, failure) -> {
          long nanos = System.nanoTime() - begin;
          if (failure == null) {
            Billed billed = call.billed.apply(answer);
            report(call, call.keys.applyAsInt(answer), exchange, nanos, billed, null);
            return new Answered<>(answer, billed);
          }
          StoreException mapped = Failures.of(failure, call.table);
          report(call, call.asked, exchange, nanos, Billed.NOTHING, mapped.kind());
          throw mapped;
        });
  }

  private static <R> CompletableFuture<R> attempt(
      Attempts<R> attempts, Exchange exchange, Deadline deadline) {
    AwsRequestOverrideConfiguration override =
        AwsRequestOverrideConfiguration.builder()
            .apiCallTimeout(Duration.ofNanos(Math.max(1_000_000, deadline.remainingNanos())))
            .putExecutionAttribute(Exchange.ATTRIBUTE, exchange)
            .build();
    try {
      return attempts.attempt.send(override, attempts.mayArriveLate);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Passes an answer on; after an attempt that may still arrive makes another one. */
  private <R> void sendOn(
      CompletableFuture<R> sent,
      Attempts<R> attempts,
      Exchange exchange,
      Deadline deadline,
      int number,
      CompletableFuture<R> result) {
    sent.whenComplete(
        (answer, failure) -> {
          if (failure == null) {
            result.complete(answer);
            return;
          }
          boolean unknown = Failures.mayArriveLate(Failures.of(failure, "").kind());
          attempts.mayArriveLate |= unknown;
          long wait = UNANSWERED.nanos(number);
          if (!unknown || number >= attempts.most || wait >= deadline.remainingNanos()) {
            result.completeExceptionally(failure);
            return;
          }
          try {
            timer.schedule(
                () ->
                    sendOn(
                        attempt(attempts, exchange, deadline),
                        attempts,
                        exchange,
                        deadline,
                        number + 1,
                        result),
                wait,
                TimeUnit.NANOSECONDS);
          } catch (RejectedExecutionException e) {
            // The store is being closed.
            result.completeExceptionally(failure);
          }
        });
  }

  private void report(
      Call<?> call,
      int keys,
      Exchange exchange,
      long nanos,
      Billed billed,
      @Nullable Kind failure) {
    boolean write = call.operation == Operation.WRITE;
    metrics.request(
        new StoreMetrics.Request(
            SERVER,
            call.operation,
            keys,
            exchange.bytes(),
            nanos,
            exchange.retries(),
            write ? 0 : billed.units(),
            write ? billed.units() : 0,
            billed.computed(),
            failure));
  }

  private record Answered<R>(R answer, Billed billed) {}

  /** One request, sent as often as it is throttled. */
  private final class Sending<R> {
    private final Call<R> call;
    private final Throughput throughput;
    private final Deadline deadline;
    private final Attempts<R> request;
    private final CompletableFuture<R> result;

    Sending(
        Call<R> call,
        Throughput throughput,
        Deadline deadline,
        Attempts<R> request,
        CompletableFuture<R> result) {
      this.call = call;
      this.throughput = throughput;
      this.deadline = deadline;
      this.request = request;
      this.result = result;
    }

    void begin(int attempt) {
      throughput
          .bucket()
          .reserve(call.expected, deadline)
          .whenComplete(
              (go, refused) -> {
                if (refused != null) {
                  result.completeExceptionally(refused);
                } else {
                  exchange(call, deadline, request)
                      .whenComplete((answered, failure) -> end(answered, failure, attempt));
                }
              });
    }

    private void end(@Nullable Answered<R> answered, @Nullable Throwable failure, int attempt) {
      if (answered != null) {
        settle(answered);
        result.complete(answered.answer);
        return;
      }
      StoreException known =
          Failures.of(failure == null ? new IllegalStateException("no answer") : failure, "");
      // One whose answer did not come may have been billed all the same.
      boolean unknown = known.kind() == Kind.TIMEOUT || known.kind() == Kind.UNAVAILABLE;
      throughput.bucket().settle(call.expected, unknown ? call.expected : 0);
      if (known.kind() != Kind.THROTTLED) {
        result.completeExceptionally(known);
        return;
      }
      if (!Failures.isConflict(known)) {
        throughput.bucket().throttled();
      }
      long wait = THROTTLED.nanos(attempt);
      if (wait >= deadline.remainingNanos()) {
        result.completeExceptionally(known);
        return;
      }
      try {
        timer.schedule(() -> begin(attempt + 1), wait, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The store is being closed.
        result.completeExceptionally(known);
      }
    }

    private void settle(Answered<R> answered) {
      double units = answered.billed.units();
      throughput.bucket().settle(call.expected, units);
      int keys = call.keys.applyAsInt(answered.answer);
      if (keys > 0 && units > 0) {
        (call.operation == Operation.SCAN ? throughput.perScanned() : throughput.perKey())
            .add(units / keys);
      }
      throughput.hot().tellIfDue();
    }
  }
}
