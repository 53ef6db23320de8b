// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import org.apache.flink.table.connector.source.lookup.AsyncLookupFunctionProvider;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.connector.source.lookup.PartialCachingAsyncLookupProvider;
import org.apache.flink.table.connector.source.lookup.PartialCachingLookupProvider;
import org.apache.flink.table.connector.source.lookup.cache.LookupCache;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.LookupFunction;

/**
 * Provides both the synchronous and the asynchronous lookup function of one table. Flink's planner
 * chooses between them, following hints.
 */
public class LookupProvider implements LookupFunctionProvider, AsyncLookupFunctionProvider {

  private final LookupPlan plan;

  private LookupProvider(LookupPlan plan) {
    this.plan = plan;
  }

  public static LookupProvider of(LookupPlan plan) {
    return new LookupProvider(plan);
  }

  /** Returns a provider that puts Flink's lookup cache in front of the lookups. */
  public static LookupProvider cached(LookupPlan plan, LookupCache cache) {
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
