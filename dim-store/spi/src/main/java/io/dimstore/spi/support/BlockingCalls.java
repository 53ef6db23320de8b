// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the calls of a store whose client blocks, such as a JDBC driver. Each call passes the
 * admission gate, runs on a thread and a connection that no other call uses at the time, and is
 * reported to the metrics. A call that fails with a kind that may be retried is run again until its
 * deadline. Thread-safe; threads and connections are made at first use.
 *
 * @param <C> a connection of the client
 */
public final class BlockingCalls<C> implements AutoCloseable {

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(1), Duration.ofMillis(100));

  private final String store;
  private final Client<C> client;
  private final CallMeter meter;
  private final InstantSource clock;
  private final Backoff backoff;
  private final LongConsumer sleeper;
  private final Admission admission;
  private final int connections;
  private final ThreadPoolExecutor threads;
  private final ConcurrentLinkedDeque<C> idle = new ConcurrentLinkedDeque<>();

  /** The calls that wait for a thread, in their order. Guards itself and {@link #running}. */
  private final Set<Call<?>> waiting = new LinkedHashSet<>();

  private int running;

  /**
   * Creates the calls of one opened store.
   *
   * @param store the store's id, which the metrics get as the name of the server
   * @param config has the values of {@link CommonOptions}
   * @param connections the largest number of calls that run at the same time
   */
  public BlockingCalls(
      String store,
      StoreConfig config,
      int connections,
      Client<C> client,
      StoreMetrics metrics,
      InstantSource clock) {
    this(store, config, connections, client, metrics, clock, BACKOFF, LockSupport::parkNanos);
  }

  /**
   * Creates the calls of one opened store.
   *
   * @param sleeper blocks the thread of a call for these nanoseconds before the next attempt
   */
  BlockingCalls(
      String store,
      StoreConfig config,
      int connections,
      Client<C> client,
      StoreMetrics metrics,
      InstantSource clock,
      Backoff backoff,
      LongConsumer sleeper) {
    this.store = store;
    this.connections = connections;
    this.client = client;
    this.meter = new CallMeter(store, metrics);
    this.clock = clock;
    this.backoff = backoff;
    this.sleeper = sleeper;
    this.admission = Admission.of(store, config);
    this.threads =
        new ThreadPoolExecutor(
            connections,
            connections,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::thread);
    threads.allowCoreThreadTimeOut(true);
  }

  private Thread thread(Runnable calls) {
    Thread thread = new Thread(calls, "dimstore-" + store);
    thread.setDaemon(true);
    return thread;
  }

  /** What the store knows of its client. */
  public interface Client<C> {

    /** Opens a connection. */
    C connect() throws Exception;

    /**
     * Makes a connection whose call has failed ready for other calls, for instance by a rollback.
     * After most failures the connection can still be used, for instance after a refusal by the
     * store itself (INVALID) or an error of one statement.
     *
     * @return false if no other call can use the connection. It is then closed, as it is if this
     *     method throws
     */
    boolean reset(C connection) throws Exception;

    /** Closes a connection, also one whose last call has failed. */
    void close(C connection) throws Exception;

    /** Maps a failure of the client to the one that callers of the store get. */
    StoreException failureOf(Exception e);
  }

  /** The requests of one call. They may be sent more than once. */
  public interface Requests<C, T extends @Nullable Object> {

    /**
     * Sends the requests and waits for their answers.
     *
     * @param nowMillis epoch milliseconds by the clock of the store
     */
    CallResult<T> send(C connection, long nowMillis) throws Exception;
  }

  /**
   * Runs a call.
   *
   * @param weight number of keys that the admission gate counts for this call
   */
  public <T extends @Nullable Object> CompletionStage<T> call(
      StoreMetrics.Operation operation, int weight, Requests<C, T> requests) {
    Call<T> call = new Call<>(operation, requests);
    CompletionStage<T> admitted = admission.admit(weight, call::start);
    admitted.whenComplete((value, failure) -> call.forget());
    return admitted;
  }

  /**
   * Refuses calls on a closed store.
   *
   * @throws StoreException CLOSED
   */
  public void requireOpen() {
    admission.requireOpen();
  }

  @Override
  public void close() {
    admission.close();
    synchronized (waiting) {
      // Threads end by themselves: some clients break when a thread is interrupted.
      threads.shutdown();
    }
    closeIdle();
  }

  private void closeIdle() {
    for (C next = idle.poll(); next != null; next = idle.poll()) {
      close(next);
    }
  }

  private void close(C connection) {
    try {
      client.close(connection);
    } catch (Exception e) {
      // The connection is of no more use in any case.
    }
  }

  /** Has a thread run the call that waits longest, unless as many calls run as may. */
  private void runNext() {
    synchronized (waiting) {
      if (running == connections || waiting.isEmpty() || threads.isShutdown()) {
        return;
      }
      Iterator<Call<?>> calls = waiting.iterator();
      Call<?> next = calls.next();
      calls.remove();
      threads.execute(next);
      running++;
    }
  }

  private C connection() throws Exception {
    C connection = idle.poll();
    return connection == null ? client.connect() : connection;
  }

  private void release(C connection) {
    idle.push(connection);
    if (admission.isClosed()) {
      closeIdle();
    }
  }

  private boolean reset(C connection) {
    try {
      return client.reset(connection);
    } catch (Exception e) {
      return false;
    }
  }

  /** A call that waits for a thread, or runs. */
  private final class Call<T extends @Nullable Object> implements Runnable {

    private final StoreMetrics.Operation operation;
    private final Requests<C, T> requests;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private volatile Deadline deadline = Deadline.after(Duration.ZERO);
    private volatile boolean ended;

    Call(StoreMetrics.Operation operation, Requests<C, T> requests) {
      this.operation = operation;
      this.requests = requests;
    }

    CompletionStage<T> start(Deadline end) {
      deadline = end;
      synchronized (waiting) {
        waiting.add(this);
      }
      runNext();
      return result;
    }

    /**
     * Drops a call that has ended, also one that waits for a thread or for its next attempt (R14f).
     */
    void forget() {
      ended = true;
      synchronized (waiting) {
        waiting.remove(this);
      }
    }

    private boolean isOver() {
      return ended || deadline.isOver() || admission.isClosed();
    }

    @Override
    public void run() {
      try {
        runUntilAnswered();
      } catch (Throwable e) {
        // An Error, or a failure of the metrics. The caller must not wait until the deadline.
        result.completeExceptionally(e);
        throw e;
      } finally {
        synchronized (waiting) {
          running--;
        }
        runNext();
      }
    }

    private void runUntilAnswered() {
      for (int failed = 0; !isOver(); failed++) {
        StoreException failure = attempt(failed);
        if (failure == null) {
          return;
        }
        if (!failure.kind().isRetryable()) {
          result.completeExceptionally(failure);
          return;
        }
        sleeper.accept(Math.min(backoff.nanos(failed + 1), deadline.remainingNanos()));
      }
    }

    /** Sends the requests once. Returns the failure, or null if the call has ended. */
    private @Nullable StoreException attempt(int failed) {
      long begin = System.nanoTime();
      CallResult<T> answer;
      try {
        answer = send();
      } catch (Exception e) {
        StoreException failure = e instanceof StoreException own ? own : client.failureOf(e);
        meter.report(operation, 0, 0, System.nanoTime() - begin, failed, failure.kind());
        return failure;
      }
      if (answer != null) {
        try {
          meter.report(operation, answer.keys(), 0, System.nanoTime() - begin, failed, null);
        } finally {
          result.complete(answer.value());
        }
      }
      return null;
    }

    /** Returns the answer, or null if the call has ended before there was a connection. */
    private @Nullable CallResult<T> send() throws Exception {
      C connection = connection();
      boolean usable = false;
      try {
        CallResult<T> answer = isOver() ? null : requests.send(connection, clock.millis());
        usable = true;
        return answer;
      } catch (Exception e) {
        usable = reset(connection);
        throw e;
      } finally {
        if (usable) {
          release(connection);
        } else {
          close(connection);
        }
      }
    }
  }
}
