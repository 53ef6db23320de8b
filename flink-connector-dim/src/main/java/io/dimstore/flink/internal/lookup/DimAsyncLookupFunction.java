// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.io.IOException;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;

/** Looks up rows without blocking. Internal; public because Flink requires it of functions. */
public final class DimAsyncLookupFunction extends AsyncLookupFunction {

  private static final long serialVersionUID = 1L;

  private final LookupPlan plan;
  private transient @Nullable LookupTask task;
  private transient @Nullable Lookup lookup;

  DimAsyncLookupFunction(LookupPlan plan) {
    this.plan = plan;
  }

  @Override
  public void open(FunctionContext context) throws IOException {
    task = LookupTask.of(context);
    lookup = Lookup.open(plan, task, context.getMetricGroup());
    if (task.isFirstSubtask()) {
      lookup.warnOfCapacity(plan, task.job());
    }
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncLookup(RowData keyRow) {
    LookupTask owner = Objects.requireNonNull(task, "not open");
    Lookup open = Objects.requireNonNull(lookup, "not open");
    owner.requireHealthy();
    AsyncLookupAnswer answer = new AsyncLookupAnswer(owner, open.waiters());
    open.find(keyRow, AsyncLookupAnswer.missedNanos(), answer);
    return answer;
  }

  @Override
  public void close() {
    if (task != null) {
      task.end();
    }
    if (lookup != null) {
      lookup.close();
    }
  }
}
