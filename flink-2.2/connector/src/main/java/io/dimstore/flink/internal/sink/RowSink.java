// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.table.data.RowData;

/** A sink of rows. Its counterpart for Flink 1.20 has the methods that only that one requires. */
public interface RowSink extends Sink<RowData> {}
