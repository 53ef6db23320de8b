package io.dimstore.flink;

import java.io.IOException;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncLookupFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.jspecify.annotations.Nullable;

/** Internal: looks rows up without blocking. Public because Flink asks it of functions. */
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
    lookup = Lookup.open(plan, task.parallelism(), context.getMetricGroup());
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncLookup(RowData keyRow) {
    LookupTask owner = Objects.requireNonNull(task, "not open");
    Lookup open = Objects.requireNonNull(lookup, "not open");
    owner.requireHealthy();
    AsyncLookupAnswer answer = new AsyncLookupAnswer(owner, open.waiters());
    open.find(keyRow, answer);
    return answer;
  }

  @Override
  public void close() {
    if (lookup != null) {
      lookup.close();
    }
  }
}
