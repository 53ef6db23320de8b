// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.faults;

import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.TableSpec;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Wraps a store and makes it fail on demand, for tests of code that uses a store. Faults are drawn
 * from a seed, so the same calls in the same order meet the same faults. Thread-safe.
 *
 * <pre>{@code
 * FaultyStore store = new FaultyStore(inner, 42);
 * store.inject(FaultyStore.Call.WRITE, new CallFault.LoseAnswer(Kind.TIMEOUT), 0.1);   // every tenth
 * store.injectNext(FaultyStore.Call.GET, new CallFault.Fail(Kind.UNAVAILABLE), 3);     // the next three
 * store.heal();
 * }</pre>
 */
public final class FaultyStore implements DimensionStore {

  /** The calls that can meet a fault. */
  public enum Call {
    GET,
    WRITE,
    SPLITS,
    SCAN,
    REPAIR,
    FOLLOW,
    STORED,
    UPDATE,
    CREATE,
    VALIDATE,
    PING,
    READ_RECORD,
    REPLACE_RECORD
  }

  private final DimensionStore inner;
  private final FaultPlan plan;

  /** Wraps a store. Calls meet no faults until some are injected. */
  public FaultyStore(DimensionStore inner, long seed) {
    this.inner = inner;
    this.plan = new FaultPlan(seed);
  }

  /**
   * Makes a share of the later calls of a kind meet the fault. If several faults are injected, a
   * call meets the first one that is drawn.
   *
   * @param share from 0 (no calls) to 1 (all calls)
   */
  public void inject(Call call, CallFault fault, double share) {
    plan.inject(call, fault, share, Integer.MAX_VALUE);
  }

  /** Makes the next calls of a kind meet the fault. */
  public void injectNext(Call call, CallFault fault, int times) {
    plan.inject(call, fault, 1, times);
  }

  /** Removes all faults, and releases the calls that were held back. */
  public void heal() {
    plan.heal();
  }

  /** Returns the number of calls of a kind that have met a fault. */
  public int faults(Call call) {
    return plan.faults(call);
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    return new FaultyTable(inner.table(spec), plan);
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return plan.run(Call.CREATE, () -> inner.createIfAbsent(spec));
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return plan.run(Call.VALIDATE, () -> inner.validate(spec));
  }

  @Override
  public CompletionStage<Void> ping() {
    return plan.run(Call.PING, inner::ping);
  }

  @Override
  public CompletionStage<Void> pingTables() {
    return plan.run(Call.PING, inner::pingTables);
  }

  /** Wraps shared records, so that their calls meet faults; returns others unchanged. */
  @Override
  public <T> Optional<T> capability(Class<T> type) {
    return type == SharedRecords.class
        ? inner
            .capability(SharedRecords.class)
            .map(found -> type.cast(new FaultyRecords(found, plan)))
        : inner.capability(type);
  }

  @Override
  public void close() {
    inner.close();
    plan.heal();
  }
}
