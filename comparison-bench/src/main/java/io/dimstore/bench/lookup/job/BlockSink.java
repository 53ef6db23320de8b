// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup.job;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.table.data.RowData;

/** Hands every joined row to the {@link BlockFeed} of its arm, which checks it. */
public final class BlockSink implements Sink<RowData> {

  private static final long serialVersionUID = 1;

  private final String arm;

  /** Creates the sink of an arm. */
  public BlockSink(String arm) {
    this.arm = arm;
  }

  @Override
  public SinkWriter<RowData> createWriter(WriterInitContext context) {
    return new Writer(BlockFeed.of(arm));
  }

  @Override
  @Deprecated
  public SinkWriter<RowData> createWriter(InitContext context) {
    return new Writer(BlockFeed.of(arm));
  }

  private record Writer(BlockFeed feed) implements SinkWriter<RowData> {
    @Override
    public void write(RowData row, Context context) {
      feed.joined(row);
    }

    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public void close() {}
  }
}
