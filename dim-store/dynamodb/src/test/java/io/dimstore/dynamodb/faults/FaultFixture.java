// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import io.dimstore.tck.harness.RecordingMetrics;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A store that reaches the local server through a {@link ServiceModel}, with the metrics that it
 * reported.
 */
public final class FaultFixture implements AutoCloseable {

  public final ServiceModel proxy;
  public final DimensionStore store;
  public final RecordingMetrics requests = new RecordingMetrics();
  public final Map<String, Long> counts = new ConcurrentHashMap<>();
  public final Map<String, String> notes = new ConcurrentHashMap<>();
  public final Map<String, Long> gauges = new ConcurrentHashMap<>();

  /**
   * Opens a store with options in pairs of key and value, and with timeouts that a busy machine
   * does not reach.
   */
  public FaultFixture(LocalStackExtension stack, String... options) throws IOException {
    Map<String, String> all = new HashMap<>(Local.options(stack));
    this.proxy = ServiceModel.before(all.get("endpoint"));
    all.put("endpoint", proxy.address());
    all.put("attempt-timeout", "20 s");
    all.put("deadline", "40 s");
    for (int i = 0; i < options.length; i += 2) {
      all.put(options[i], options[i + 1]);
    }
    this.store = DimensionStores.open("dynamodb", all, recorder(), InstantSource.system());
  }

  /** Opens a store for this fault, with a short timeout for responses that never come. */
  public static FaultFixture meeting(PassingFault fault, LocalStackExtension stack)
      throws IOException {
    return fault.kind() == StoreException.Kind.TIMEOUT
        ? new FaultFixture(stack, "attempt-timeout", "3 s")
        : new FaultFixture(stack);
  }

  private StoreMetrics recorder() {
    return new StoreMetrics() {
      @Override
      public void request(Request request) {
        requests.request(request);
      }

      @Override
      public void count(String name, long delta) {
        counts.merge(name, delta, Long::sum);
      }

      @Override
      public void gauge(String name, long value) {
        gauges.put(name, value);
      }

      @Override
      public void note(String name, String text) {
        notes.put(name, text);
      }
    };
  }

  /** Sends each kind of request once, since the first responses of a new server are slow. */
  public static void warmUp(LocalStackExtension stack) throws IOException {
    try (FaultFixture fixture = new FaultFixture(stack)) {
      DimensionTable table = fixture.table(fixture.created());
      await(table.write(rows(8, 1)));
      await(table.write(rows(8, 2)));
      await(table.write(rows(1, 3)));
    }
  }

  public static TableSpec spec() {
    return new TableSpec(
        "faults-" + UUID.randomUUID(),
        List.of(new Column("k", DataType.STRING), new Column("n", DataType.Simple.INT)),
        List.of("k"));
  }

  /** Creates a table. */
  public TableSpec created() {
    TableSpec spec = spec();
    await(store.createIfAbsent(spec));
    forget();
    return spec;
  }

  /** Returns a table of one key and one text. */
  public static TableSpec textSpec() {
    return new TableSpec(
        "texts-" + UUID.randomUUID(),
        List.of(new Column("k", DataType.STRING), new Column("t", DataType.STRING)),
        List.of("k"));
  }

  /** Creates a table of one key and one text. */
  public TableSpec textTable() {
    TableSpec spec = textSpec();
    await(store.createIfAbsent(spec));
    forget();
    return spec;
  }

  public DimensionTable table(TableSpec spec) {
    return store.table(spec);
  }

  /** Resets the counts. */
  public void forget() {
    proxy.reset();
    requests.reset();
    counts.clear();
  }

  /** Returns rows k0, k1, … of one version. */
  public static List<Change> rows(int count, long version) {
    return IntStream.range(0, count)
        .mapToObj(i -> (Change) new Put(Key.of("k" + i), Row.of(i), version))
        .toList();
  }

  public static List<Key> keys(List<Change> changes) {
    return changes.stream().map(Change::key).toList();
  }

  public static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  public static StoreException failureOf(CompletionStage<?> stage) {
    try {
      throw new AssertionError("Expected a failure and got " + await(stage));
    } catch (CompletionException e) {
      StoreException known = StoreException.find(e);
      if (known == null) {
        throw new AssertionError("No store exception", e);
      }
      return known;
    }
  }

  /** Waits for a condition. */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("Not in time: " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    proxy.close();
  }
}
