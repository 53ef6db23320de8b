// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import io.dimstore.flink.internal.lookup.LookupPlan;
import io.dimstore.flink.internal.lookup.LookupProvider;
import io.dimstore.flink.internal.lookup.LookupShuffle;
import io.dimstore.flink.internal.row.DimMetadata;
import io.dimstore.flink.internal.row.ProducedColumns;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.source.DimScan;
import io.dimstore.flink.internal.source.PushedFilters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.LookupTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** The planner's view of a dimension table as a source. */
public final class DimTableSource
    implements LookupTableSource,
        LookupShuffle,
        ScanTableSource,
        SupportsProjectionPushDown,
        SupportsReadingMetadata,
        SupportsFilterPushDown,
        SupportsLimitPushDown {

  private final TableDeclaration declaration;
  private ProducedColumns produced;
  private PushedFilters filters;
  private long limit;

  private DimTableSource(
      TableDeclaration declaration, ProducedColumns produced, PushedFilters filters, long limit) {
    this.declaration = declaration;
    this.produced = produced;
    this.filters = filters;
    this.limit = limit;
  }

  public static DimTableSource of(TableDeclaration declaration) {
    int columns = declaration.table().layout().names().size();
    return new DimTableSource(
        declaration,
        new ProducedColumns(IntStream.range(0, columns).boxed().toList(), List.of()),
        PushedFilters.none(declaration.table().layout()),
        Long.MAX_VALUE);
  }

  @Override
  public LookupRuntimeProvider getLookupRuntimeProvider(LookupContext context) {
    return LookupProvider.of(
        LookupPlan.of(
            declaration.name(),
            declaration.table(),
            produced,
            context.getKeys(),
            declaration.capacity()));
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    return SourceProvider.of(
        new DimScan(declaration.table(), produced, filters.keys(), limit),
        declaration.options().getOptional(FactoryUtil.SOURCE_PARALLELISM).orElse(null));
  }

  @Override
  public boolean supportsNestedProjection() {
    return false;
  }

  @Override
  public void applyProjection(int[][] projectedFields, DataType producedDataType) {
    produced =
        new ProducedColumns(
            Arrays.stream(projectedFields).map(path -> path[0]).toList(), produced.metadata());
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    return DimMetadata.all();
  }

  @Override
  public void applyReadableMetadata(List<String> metadataKeys, DataType producedDataType) {
    produced = new ProducedColumns(produced.physical(), DimMetadata.of(metadataKeys));
  }

  /**
   * Restricts the scan to the keys that the conditions allow. All conditions stay in the plan,
   * including those of lookups. The accepted ones, which EXPLAIN shows as {@code filter=[...]}, are
   * those that decide which keys are read.
   */
  @Override
  public Result applyFilters(List<ResolvedExpression> conditions) {
    TableLayout layout = declaration.table().layout();
    filters = filters.and(conditions, layout);
    return Result.of(filters.used(conditions, layout), conditions);
  }

  @Override
  public void applyLimit(long limit) {
    this.limit = limit;
  }

  @Override
  public DynamicTableSource copy() {
    return new DimTableSource(declaration, produced, filters, limit);
  }

  @Override
  public String asSummaryString() {
    String keys = filters.keys().toString();
    return "dim " + declaration.table().describe() + (keys.isEmpty() ? "" : ", " + keys);
  }
}
