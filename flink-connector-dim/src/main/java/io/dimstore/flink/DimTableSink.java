package io.dimstore.flink;

import java.util.List;
import java.util.Map;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/** A dimension table as the planner writes it: an upsert changelog by primary key. */
final class DimTableSink implements DynamicTableSink, SupportsWritingMetadata {

  private final Declaration declaration;
  private List<DimMetadata> metadata;

  private DimTableSink(Declaration declaration, List<DimMetadata> metadata) {
    this.declaration = declaration;
    this.metadata = metadata;
  }

  static DimTableSink of(Declaration declaration) {
    return new DimTableSink(declaration, List.of());
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requestedMode) {
    return ChangelogMode.upsert();
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    VersionRule.Source version =
        VersionRule.sourceOf(
            declaration.name(), declaration.table(), metadata.contains(DimMetadata.VERSION));
    return SinkV2Provider.of(
        new DimSink(declaration.table(), version, metadata),
        declaration.options().getOptional(FactoryUtil.SINK_PARALLELISM).orElse(null));
  }

  @Override
  public Map<String, DataType> listWritableMetadata() {
    return DimMetadata.all();
  }

  @Override
  public void applyWritableMetadata(List<String> metadataKeys, DataType consumedDataType) {
    metadata = DimMetadata.of(metadataKeys);
  }

  @Override
  public DynamicTableSink copy() {
    return new DimTableSink(declaration, metadata);
  }

  @Override
  public String asSummaryString() {
    return "dim " + declaration.table().describe();
  }
}
