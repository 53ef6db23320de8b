// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.table.data.RowData;

/** A sink of rows, with the methods that only Flink 1.20 requires. */
public interface RowSink extends Sink<RowData> {

  /** Unused: Flink 1.20 creates writers with the other context type. */
  @Override
  @Deprecated
  default SinkWriter<RowData> createWriter(InitContext context) {
    throw new UnsupportedOperationException("The connector needs Flink 1.20 or newer");
  }
}
