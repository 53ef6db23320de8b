package io.dimstore.tck;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance;
import io.dimstore.spi.TableSpec;
import java.util.concurrent.CompletionStage;

/**
 * A store that fails on demand: around any other one, for tests of what stands on a store. Faults
 * are drawn from a seed, so the same calls in the same order meet the same faults. Thread-safe.
 *
 * <pre>{@code
 * FaultyStore store = new FaultyStore(inner, 42);
 * store.inject(FaultyStore.Call.WRITE, new Fault.LoseAnswer(Kind.TIMEOUT), 0.1);   // every tenth
 * store.injectNext(FaultyStore.Call.GET, new Fault.Fail(Kind.UNAVAILABLE), 3);     // the next three
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
    CREATE,
    VALIDATE,
    PING
  }

  private final DimensionStore inner;
  private final FaultPlan plan;

  /** A store without faults so far. */
  public FaultyStore(DimensionStore inner, long seed) {
    this.inner = inner;
    this.plan = new FaultPlan(seed);
  }

  /**
   * From now on a share of the calls of a kind meets the fault. Of several injected faults a call
   * meets the first that is drawn.
   *
   * @param share 0 for none to 1 for all
   */
  public void inject(Call call, Fault fault, double share) {
    plan.inject(call, fault, share, Integer.MAX_VALUE);
  }

  /** The next calls of a kind meet the fault. */
  public void injectNext(Call call, Fault fault, int times) {
    plan.inject(call, fault, 1, times);
  }

  /** Takes all faults back, and lets go what was held back. */
  public void heal() {
    plan.heal();
  }

  /** How many calls of a kind have met a fault. */
  public int faults(Call call) {
    return plan.faults(call);
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    DimensionTable table = inner.table(spec);
    FaultyTable faulty = new FaultyTable(table, plan);
    if (table instanceof Maintenance maintenance) {
      return new FaultyMaintainedTable(faulty, maintenance, plan);
    }
    return table instanceof ChangeFeed feed ? new FaultyFollowedTable(faulty, feed, plan) : faulty;
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
  public void close() {
    inner.close();
    plan.heal();
  }
}
