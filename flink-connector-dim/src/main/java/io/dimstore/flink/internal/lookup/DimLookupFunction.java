// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import java.io.IOException;
import java.util.Collection;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.LookupFunction;
import org.jspecify.annotations.Nullable;

/** Looks up rows one after the other. Internal; public because Flink requires it of functions. */
public final class DimLookupFunction extends LookupFunction {

  private static final long serialVersionUID = 1L;

  private final LookupPlan plan;
  private transient @Nullable Lookup lookup;

  /** The key row of the last lookup, if it found no row. Flink repeats it with this very object. */
  private transient @Nullable RowData missedKeyRow;

  private transient long missedNanos;

  DimLookupFunction(LookupPlan plan) {
    this.plan = plan;
  }

  @Override
  public void open(FunctionContext context) throws IOException {
    lookup = Lookup.open(plan, LookupTask.of(context), context.getMetricGroup());
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // Another event may have an equal key.
  public Collection<RowData> lookup(RowData keyRow) throws IOException {
    LookupAnswer answer = new LookupAnswer();
    Long missed = keyRow == missedKeyRow ? (Long) missedNanos : null;
    Objects.requireNonNull(lookup, "not open").find(keyRow, missed, answer);
    try {
      Collection<RowData> rows = answer.get();
      missedKeyRow = rows.isEmpty() ? keyRow : null;
      missedNanos = System.nanoTime();
      return rows;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("The lookup was interrupted", e);
    }
  }

  @Override
  public void close() {
    if (lookup != null) {
      lookup.close();
    }
  }
}
