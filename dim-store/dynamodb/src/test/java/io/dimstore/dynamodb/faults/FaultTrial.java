// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.ChangeFeed.Start;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.harness.SteadyLoad;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Runs every operation of a store that reaches the local server at some endpoint: before a fault,
 * while it lasts, first idle and then under a steady load, and after it.
 */
final class FaultTrial implements AutoCloseable {

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** The operations that are begun during each fault. */
  enum Operation {
    GET {
      @Override
      CompletionStage<?> begin(FaultTrial trial) {
        return trial.table.get(List.of(Key.of("row"), Key.of("absent")), trial.spec.all());
      }
    },
    WRITE {
      @Override
      CompletionStage<?> begin(FaultTrial trial) {
        return trial.table.write(List.of(row("row", NUMBERS.incrementAndGet())));
      }
    },
    SCAN {
      @Override
      CompletionStage<?> begin(FaultTrial trial) {
        return trial.table.scan(trial.split, 10);
      }
    },
    FEED {
      @Override
      CompletionStage<?> begin(FaultTrial trial) {
        return trial.feed.poll(trial.from, 10);
      }
    };

    abstract CompletionStage<?> begin(FaultTrial trial);
  }

  /** Checks how an operation ended while the fault lasted. */
  @FunctionalInterface
  interface Expectation {
    void check(Operation operation, @Nullable Kind failure);
  }

  private final DimensionStore direct;
  private final DimensionStore store;
  private final TableSpec spec;
  private final DimensionTable there;
  private final DimensionTable table;
  private final ScanSplit split;
  private final ChangeFeed feed;
  private final FeedPosition from;

  /** Creates a table with a change feed; the options are those of the store that meets faults. */
  FaultTrial(LocalStackExtension stack, String endpoint, Map<String, String> options) {
    this.spec = followed();
    this.direct = open(stack, Map.of());
    Map<String, String> behind = new HashMap<>(options);
    behind.put("endpoint", endpoint);
    this.store = open(stack, behind);
    FaultFixture.await(direct.createIfAbsent(spec));
    this.there = direct.table(spec);
    FaultFixture.await(there.write(List.of(row("row", NUMBERS.incrementAndGet()))));
    this.table = store.table(spec);
    this.split = FaultFixture.await(there.splits(1, ScanOptions.rows(spec.all()))).get(0);
    this.feed = (ChangeFeed) table;
    this.from = FaultFixture.await(((ChangeFeed) there).follow(Start.EARLIEST)).get(0);
  }

  private static TableSpec followed() {
    TableSpec spec = FaultFixture.spec();
    return new TableSpec(
        spec.name(), spec.columns(), spec.keyColumns(), Map.of("change-feed", "true"));
  }

  private static DimensionStore open(LocalStackExtension stack, Map<String, String> more) {
    Map<String, String> options = new HashMap<>(Local.options(stack));
    options.putAll(more);
    return DimensionStores.open("dynamodb", options, StoreMetrics.NONE, InstantSource.system());
  }

  private static Put row(String key, long version) {
    return new Put(Key.of(key), Row.of((int) version), version);
  }

  /**
   * Runs the trial. Asserts that every operation succeeds again after the fault, and that no write
   * is lost.
   */
  void run(Runnable begin, Runnable end, Expectation expectation) {
    for (Operation operation : Operation.values()) {
      FaultFixture.until(operation + " once", () -> failureOf(operation.begin(this)) == null);
    }
    SteadyLoad load;
    begin.run();
    try {
      beginAll(expectation);
      load = SteadyLoad.start(table, spec, 2, (thread, version) -> row("load-" + thread, version));
      beginAll(expectation);
    } finally {
      end.run();
    }
    for (Operation operation : Operation.values()) {
      FaultFixture.until(operation + " again", () -> failureOf(operation.begin(this)) == null);
    }
    long before = load.acknowledged();
    FaultFixture.until("writes again", () -> !load.isFine() || load.acknowledged() > before + 10);
    load.end();
    Put last = row("row", NUMBERS.incrementAndGet());
    FaultFixture.await(table.write(List.of(last)));
    assertThat(FaultFixture.await(there.get(List.of(last.key()), spec.all())))
        .containsExactly(last);
  }

  private void beginAll(Expectation expectation) {
    Map<Operation, CompletableFuture<?>> running = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      running.put(operation, operation.begin(this).toCompletableFuture());
    }
    running.forEach((operation, call) -> expectation.check(operation, failureOf(call)));
  }

  private static @Nullable Kind failureOf(CompletionStage<?> call) {
    return FaultFixture.await(
        call.handle(
            (value, failure) -> failure == null ? null : StoreException.find(failure).kind()));
  }

  @Override
  public void close() {
    store.close();
    direct.close();
  }
}
