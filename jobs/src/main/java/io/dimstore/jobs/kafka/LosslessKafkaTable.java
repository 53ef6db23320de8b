// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.SourceTransformation;
import org.apache.flink.streaming.connectors.kafka.table.KafkaDynamicSource;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/** A table of Flink's Kafka connector, read through a {@link LosslessSource}. */
final class LosslessKafkaTable implements ScanTableSource, SupportsReadingMetadata {

  private final KafkaDynamicSource kafka;
  private final ReadPolicy policy;

  LosslessKafkaTable(KafkaDynamicSource kafka, ReadPolicy policy) {
    this.kafka = kafka;
    this.policy = policy;
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return kafka.getChangelogMode();
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    DataStreamScanProvider provider =
        (DataStreamScanProvider) kafka.getScanRuntimeProvider(context);
    return new DataStreamScanProvider() {
      @Override
      public DataStream<RowData> produceDataStream(
          ProviderContext providerContext, StreamExecutionEnvironment env) {
        DataStream<RowData> stream = provider.produceDataStream(providerContext, env);
        return env.fromSource(
            new LosslessSource(source(stream), stream.getType(), policy),
            WatermarkStrategy.noWatermarks(),
            stream.getTransformation().getName(),
            stream.getType());
      }

      @Override
      public boolean isBounded() {
        return provider.isBounded();
      }
    };
  }

  @SuppressWarnings("unchecked") // the only source of Flink's table
  private static Source<RowData, KafkaPartitionSplit, KafkaSourceEnumState> source(
      DataStream<RowData> stream) {
    return ((SourceTransformation<RowData, KafkaPartitionSplit, KafkaSourceEnumState>)
            stream.getTransformation())
        .getSource();
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    return kafka.listReadableMetadata();
  }

  @Override
  public void applyReadableMetadata(List<String> metadataKeys, DataType producedDataType) {
    kafka.applyReadableMetadata(metadataKeys, producedDataType);
  }

  @Override
  public boolean supportsMetadataProjection() {
    return kafka.supportsMetadataProjection();
  }

  @Override
  public DynamicTableSource copy() {
    return new LosslessKafkaTable((KafkaDynamicSource) kafka.copy(), policy);
  }

  @Override
  public String asSummaryString() {
    return "Kafka without lost records";
  }
}
