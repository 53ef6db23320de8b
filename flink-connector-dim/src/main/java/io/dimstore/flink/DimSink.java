package io.dimstore.flink;

import io.dimstore.spi.SharedBudget;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;

/** The upsert sink, in the form that travels. */
final class DimSink implements Sink<RowData> {

  private static final long serialVersionUID = 1L;

  private final DimTable table;
  private final VersionRule.Source version;
  private final List<DimMetadata> metadata;

  DimSink(DimTable table, VersionRule.Source version, List<DimMetadata> metadata) {
    this.table = table;
    this.version = version;
    this.metadata = List.copyOf(metadata);
  }

  @Override
  public SinkWriter<RowData> createWriter(WriterInitContext context) throws IOException {
    SharedStore.Lease lease = SharedStore.lease(table.store(), context.metricGroup());
    try {
      lease.prepare(table, table.createTable());
      lease.takePart(
          table, SharedBudget.Use.WRITE, context.getTaskInfo().getNumberOfParallelSubtasks());
      return new DimSinkWriter(
          table,
          new ChangeReader(table, version, metadata),
          new DimSinkWriter.Target(
              lease.store().table(table.layout().spec()),
              lease.retry(table.retryTimeout()),
              lease::close),
          context.getMailboxExecutor(),
          context.getProcessingTimeService(),
          context.metricGroup());
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** Never called by the Flink that this is built for, which asks with the other context. */
  @Override
  @Deprecated
  public SinkWriter<RowData> createWriter(InitContext context) {
    throw new UnsupportedOperationException("The connector needs Flink 1.20 or newer");
  }
}
