// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import org.apache.flink.table.connector.source.lookup.AsyncLookupFunctionProvider;
import org.apache.flink.table.connector.source.lookup.LookupFunctionProvider;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.LookupFunction;

/**
 * Provides both the synchronous and the asynchronous lookup function of one table. Flink's planner
 * chooses between them, following hints.
 */
public final class LookupProvider implements LookupFunctionProvider, AsyncLookupFunctionProvider {

  private final LookupPlan plan;

  private LookupProvider(LookupPlan plan) {
    this.plan = plan;
  }

  public static LookupProvider of(LookupPlan plan) {
    return new LookupProvider(plan);
  }

  @Override
  public LookupFunction createLookupFunction() {
    return new DimLookupFunction(plan);
  }

  @Override
  public AsyncLookupFunction createAsyncLookupFunction() {
    return new DimAsyncLookupFunction(plan);
  }
}
