// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.ProducedColumns;
import io.dimstore.flink.internal.store.DimTable;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/** The serializable bounded scan of a table. */
public final class DimScan implements Source<RowData, DimSplit, ScanProgress> {

  private static final long serialVersionUID = 1L;

  private final DimTable table;
  private final ProducedColumns produced;
  private final ScannedKeys keys;
  private final long limit;

  /**
   * Creates a scan that reads these columns of these keys. Each reader returns at most {@code
   * limit} rows.
   */
  public DimScan(DimTable table, ProducedColumns produced, ScannedKeys keys, long limit) {
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
