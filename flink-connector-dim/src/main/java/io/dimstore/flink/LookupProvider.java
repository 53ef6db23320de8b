package io.dimstore.flink;

import org.apache.flink.table.connector.source.lookup.AsyncLookupFunctionProvider;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.connector.source.lookup.PartialCachingAsyncLookupProvider;
import org.apache.flink.table.connector.source.lookup.PartialCachingLookupProvider;
import org.apache.flink.table.connector.source.lookup.cache.LookupCache;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.LookupFunction;

/** Offers one table's lookups both ways: hints and the planner choose. */
class LookupProvider implements LookupFunctionProvider, AsyncLookupFunctionProvider {

  private final LookupPlan plan;

  private LookupProvider(LookupPlan plan) {
    this.plan = plan;
  }

  static LookupProvider of(LookupPlan plan) {
    return new LookupProvider(plan);
  }

  /** The same, with Flink's cache of looked-up rows before it. */
  static LookupProvider cached(LookupPlan plan, LookupCache cache) {
    return new Cached(plan, cache);
  }

  @Override
  public LookupFunction createLookupFunction() {
    return new DimLookupFunction(plan);
  }

  @Override
  public AsyncLookupFunction createAsyncLookupFunction() {
    return new DimAsyncLookupFunction(plan);
  }

  private static final class Cached extends LookupProvider
      implements PartialCachingLookupProvider, PartialCachingAsyncLookupProvider {

    private final LookupCache cache;

    private Cached(LookupPlan plan, LookupCache cache) {
      super(plan);
      this.cache = cache;
    }

    @Override
    public LookupCache getCache() {
      return cache;
    }
  }
}
