package io.dimstore.flink;

import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/** The bounded scan of a table, in the form that travels. */
final class DimScan implements Source<RowData, DimSplit, ScanProgress> {

  private static final long serialVersionUID = 1L;

  private final DimTable table;
  private final ProducedColumns produced;
  private final KeyRange keys;
  private final long limit;

  /**
   * A scan for these columns of these keys, of which each reader yields at most {@code limit} rows.
   */
  DimScan(DimTable table, ProducedColumns produced, KeyRange keys, long limit) {
    this.table = table;
    this.produced = produced;
    this.keys = keys;
    this.limit = limit;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<DimSplit, ScanProgress> createEnumerator(
      SplitEnumeratorContext<DimSplit> context) {
    return restoreEnumerator(context, new ScanProgress(false, List.of()));
  }

  @Override
  public SplitEnumerator<DimSplit, ScanProgress> restoreEnumerator(
      SplitEnumeratorContext<DimSplit> context, ScanProgress progress) {
    return new ScanEnumerator(table, produced, keys, context, progress);
  }

  @Override
  public SourceReader<RowData, DimSplit> createReader(SourceReaderContext context) {
    return new ScanReader(table, produced, limit, context);
  }

  @Override
  public SimpleVersionedSerializer<DimSplit> getSplitSerializer() {
    return new SplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<ScanProgress> getEnumeratorCheckpointSerializer() {
    return new ProgressSerializer();
  }
}
