// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.capacity.ConsumedUnits;
import io.dimstore.dynamodb.internal.capacity.Throughput;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/**
 * Sends requests at the rate that the table's capacity limiter allows. Each request gets the rest
 * of its deadline as its timeout, is reported to the metrics, and fails with a {@link
 * StoreException}. A throttled request is retried with a growing backoff until the deadline.
 * Thread-safe.
 */
public final class RequestSender {

  private static final String SERVER = "dynamodb";
  private static final Backoff THROTTLED =
      new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

  private static final Backoff UNANSWERED =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2));

  private final StoreMetrics metrics;
  private final RetryTimer retries;
  private final int maxAttempts;

  /**
   * @param maxAttempts the most attempts of a write that end without a response
   */
  public RequestSender(StoreMetrics metrics, RetryTimer retries, int maxAttempts) {
    this.metrics = metrics;
    this.retries = retries;
    this.maxAttempts = maxAttempts;
  }

  /**
   * Describes a request.
   *
   * @param asked the number of keys in the request, reported if it fails
   * @param keys returns the number of keys or entries in the response
   * @param consumed returns the units that the response reports
   * @param throughput the limiter whose units the request consumes, or null if it consumes none
   * @param expected the units that the request is expected to consume
   */
  record Call<R>(
      Operation operation,
      String table,
      int asked,
      ToIntFunction<R> keys,
      Function<R, ConsumedUnits> consumed,
      @Nullable Throughput throughput,
      double expected) {}

  /** Sends a request. The SDK retries it where that may help. */
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
     * @param mayArriveLate true if the outcome of an earlier attempt is unknown: it may still
     *     arrive
     */
    CompletableFuture<R> send(AwsRequestOverrideConfiguration override, boolean mayArriveLate);
  }

  /** Sends a write. If an attempt ends without a response, the next one may be another request. */
  <R> CompletableFuture<R> sendAgain(Call<R> call, Deadline deadline, Attempt<R> attempt) {
    return send(call, deadline, new Attempts<>(maxAttempts, attempt));
  }

  private <R> CompletableFuture<R> send(Call<R> call, Deadline deadline, Attempts<R> request) {
    Throughput throughput = call.throughput;
    if (throughput == null) {
      return sendOnce(call, deadline, request).thenApply(Answered::answer);
    }
    CompletableFuture<R> result = new CompletableFuture<>();
    new Sending<>(call, throughput, deadline, request, result).begin(1);
    return result;
  }

  /** The attempts of one request. At most one is in flight. */
  private static final class Attempts<R> {
    private final int most;
    private final Attempt<R> attempt;
    private volatile boolean mayArriveLate;

    Attempts(int most, Attempt<R> attempt) {
      this.most = most;
      this.attempt = attempt;
    }
  }

  private <R> CompletableFuture<Answered<R>> sendOnce(
      Call<R> call, Deadline deadline, Attempts<R> attempts) {
    long begin = System.nanoTime();
    WireStatistics statistics = new WireStatistics();
    CompletableFuture<R> sent = attempt(attempts, statistics, deadline);
    if (attempts.most > 1) {
      CompletableFuture<R> last = new CompletableFuture<>();
      completeOrSendAgain(sent, attempts, statistics, deadline, 1, last);
      sent = last;
    }
    return sent.handle(
        (answer, failure) -> {
          long nanos = System.nanoTime() - begin;
          if (failure == null) {
            ConsumedUnits consumed = call.consumed.apply(answer);
            report(call, call.keys.applyAsInt(answer), statistics, nanos, consumed, null);
            return new Answered<>(answer, consumed);
          }
          StoreException mapped = Failures.of(failure, call.table);
          report(call, call.asked, statistics, nanos, ConsumedUnits.NOTHING, mapped.kind());
          throw mapped;
        });
  }

  private static <R> CompletableFuture<R> attempt(
      Attempts<R> attempts, WireStatistics statistics, Deadline deadline) {
    AwsRequestOverrideConfiguration override =
        AwsRequestOverrideConfiguration.builder()
            .apiCallTimeout(Duration.ofNanos(Math.max(1_000_000, deadline.remainingNanos())))
            .putExecutionAttribute(WireStatistics.ATTRIBUTE, statistics)
            .build();
    try {
      return attempts.attempt.send(override, attempts.mayArriveLate);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Runs a step of a request on a thread whose caller does not see what the step throws. The result
   * then fails with it: a request that never ends would block its key for ever.
   */
  private static void run(CompletableFuture<?> result, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }

  /**
   * Completes the result with a response. After an attempt that may still arrive, makes another one
   * after a backoff, as long as attempts and deadline allow.
   */
  private <R> void completeOrSendAgain(
      CompletableFuture<R> sent,
      Attempts<R> attempts,
      WireStatistics statistics,
      Deadline deadline,
      int number,
      CompletableFuture<R> result) {
    sent.whenComplete(
        (answer, failure) -> {
          if (failure == null) {
            result.complete(answer);
          } else {
            run(
                result,
                () -> failOrSendAgain(failure, attempts, statistics, deadline, number, result));
          }
        });
  }

  private <R> void failOrSendAgain(
      Throwable failure,
      Attempts<R> attempts,
      WireStatistics statistics,
      Deadline deadline,
      int number,
      CompletableFuture<R> result) {
    boolean unknown = Failures.mayArriveLate(Failures.of(failure, "").kind());
    attempts.mayArriveLate |= unknown;
    boolean again =
        unknown
            && number < attempts.most
            && retries.schedule(
                () ->
                    completeOrSendAgain(
                        attempt(attempts, statistics, deadline),
                        attempts,
                        statistics,
                        deadline,
                        number + 1,
                        result),
                UNANSWERED,
                number,
                deadline);
    if (!again) {
      result.completeExceptionally(failure);
    }
  }

  private void report(
      Call<?> call,
      int keys,
      WireStatistics statistics,
      long nanos,
      ConsumedUnits consumed,
      @Nullable Kind failure) {
    boolean write = call.operation == Operation.WRITE;
    metrics.request(
        new StoreMetrics.Request(
            SERVER,
            call.operation,
            keys,
            statistics.bytes(),
            nanos,
            statistics.retries(),
            write ? 0 : consumed.units(),
            write ? consumed.units() : 0,
            consumed.computed(),
            failure));
  }

  private record Answered<R>(R answer, ConsumedUnits consumed) {}

  /** A request that is sent again as long as it is throttled. */
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
          .limiter()
          .reserve(call.expected, deadline)
          .whenComplete(
              (go, refused) -> {
                if (refused != null) {
                  result.completeExceptionally(refused);
                } else {
                  run(result, () -> send(attempt));
                }
              });
    }

    private void send(int attempt) {
      sendOnce(call, deadline, request)
          .whenComplete((answered, failure) -> run(result, () -> end(answered, failure, attempt)));
    }

    private void end(@Nullable Answered<R> answered, @Nullable Throwable failure, int attempt) {
      if (answered != null) {
        complete(answered);
        result.complete(answered.answer);
        return;
      }
      StoreException known =
          Failures.of(failure == null ? new IllegalStateException("no answer") : failure, "");
      // A request without a response may have consumed units nevertheless.
      boolean unknown = known.kind() == Kind.TIMEOUT || known.kind() == Kind.UNAVAILABLE;
      throughput.limiter().adjust(call.expected, unknown ? call.expected : 0);
      if (known.kind() != Kind.THROTTLED) {
        result.completeExceptionally(known);
        return;
      }
      if (!Failures.isConflict(known)) {
        throughput.limiter().throttled();
      }
      if (!retries.schedule(
          () -> run(result, () -> begin(attempt + 1)), THROTTLED, attempt, deadline)) {
        result.completeExceptionally(known);
      }
    }

    private void complete(Answered<R> answered) {
      double units = answered.consumed.units();
      throughput.limiter().adjust(call.expected, units);
      int keys = call.keys.applyAsInt(answered.answer);
      if (keys > 0 && units > 0) {
        (call.operation == Operation.SCAN ? throughput.perScanned() : throughput.perKey())
            .add(units / keys);
      }
      throughput.hot().reportIfDue();
    }
  }
}
