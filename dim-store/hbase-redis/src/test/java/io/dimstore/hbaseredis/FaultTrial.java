// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.harness.SteadyLoad;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs every operation of a store before, during and after a fault: first on an idle store, then
 * beside a steady load. After the fault every operation must succeed again, and the load must have
 * lost no acknowledged write.
 */
final class FaultTrial implements AutoCloseable {

  /** A step of a trial. */
  @FunctionalInterface
  interface Step {
    void run() throws Exception;
  }

  /** Checks how an operation ended while the fault lasted. */
  @FunctionalInterface
  interface Expectation {
    void check(FaultOperation operation, @Nullable Kind failure);
  }

  private final Users patient;
  private final Users users;

  /** Creates a table. The options are for the store that is subject to the fault. */
  FaultTrial(HBaseRedisHarness servers, Map<String, String> options) {
    this(servers, Users.spec("users_" + Users.unique()), options, InstantSource.system());
  }

  /** The same with this wall clock, and a table that is created if it is absent. */
  FaultTrial(
      HBaseRedisHarness servers, TableSpec spec, Map<String, String> options, InstantSource clock) {
    Map<String, String> all = new HashMap<>(Map.of("repair-interval", "1 h"));
    all.putAll(options);
    this.patient = Users.open(servers, Map.of("redis.timeout", "20 s"), spec).created();
    this.users = Users.open(servers, all, spec, clock);
  }

  /** Returns the store that is subject to the fault. */
  Users users() {
    return users;
  }

  void run(Step begin, Step end, Expectation expectation) throws Exception {
    patient.write(Users.user("row", "NL", 1, FaultOperation.nextVersion()));
    ScanSplit split =
        Users.await(patient.table().splits(1, ScanOptions.rows(patient.spec().all()))).get(0);
    for (FaultOperation operation : FaultOperation.values()) {
      awaitSuccess(operation, split);
    }
    SteadyLoad load;
    begin.run();
    try {
      beginAll(split, expectation);
      load =
          SteadyLoad.start(
              users.table(),
              users.spec(),
              2,
              (thread, version) -> Users.user("load-" + thread, "NL", 1, version));
      beginAll(split, expectation);
    } finally {
      end.run();
    }
    for (FaultOperation operation : FaultOperation.values()) {
      awaitSuccess(operation, split);
    }
    long before = load.acknowledged();
    HBaseShell.await("writes again", () -> !load.isFine() || load.acknowledged() > before + 10);
    load.end();
    Put last = Users.user("row", "DE", 2, FaultOperation.nextVersion());
    users.write(last);
    assertThat(patient.get("row")).isEqualTo(last);
  }

  private void awaitSuccess(FaultOperation operation, ScanSplit split) {
    HBaseShell.await(
        operation + " without a fault",
        () -> FaultOperation.failureOf(operation.begin(users, split)) == null);
  }

  /** Begins all operations at once. */
  private void beginAll(ScanSplit split, Expectation expectation) {
    Map<FaultOperation, CompletableFuture<?>> running = new EnumMap<>(FaultOperation.class);
    for (FaultOperation operation : FaultOperation.values()) {
      running.put(operation, operation.begin(users, split).toCompletableFuture());
    }
    running.forEach(
        (operation, call) -> expectation.check(operation, FaultOperation.failureOf(call)));
  }

  /**
   * Asserts what is allowed while Redis fails: reads, writes and scans succeed; repairs and purges,
   * which also concern Redis, may fail with a kind that can be retried.
   */
  static void withoutRedis(FaultOperation operation, @Nullable Kind failure) {
    boolean mayFail = operation == FaultOperation.REPAIR || operation == FaultOperation.PURGE;
    assertThat(failure == null || (mayFail && failure.isRetryable()))
        .as("failure of %s: %s", operation, failure)
        .isTrue();
  }

  /** Reconciles pending writes and compares HBase with Redis. */
  void assertCopiesAgree() {
    HBaseShell.await(
        "nothing pending for Redis",
        () -> {
          users.repair();
          return users.backlog().keys() == 0;
        });
    for (var page : users.check(100, false)) {
      assertThat(page.differences()).isEmpty();
    }
  }

  @Override
  public void close() {
    users.close();
    patient.close();
  }
}
