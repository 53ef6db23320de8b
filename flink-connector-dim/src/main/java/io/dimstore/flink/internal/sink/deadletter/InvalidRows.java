// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

import io.dimstore.spi.Change;
import java.io.IOException;
import org.apache.flink.table.data.RowData;

/** Handles the rows that a sink cannot write. */
public interface InvalidRows extends AutoCloseable {

  /**
   * Returns whether the job continues after an invalid row. If it does not, both methods {@code
   * refuse} always throw.
   */
  default boolean continues() {
    return true;
  }

  /**
   * Handles a row that is not a valid change of the table. The row may be reused after the call.
   */
  void refuse(RowData row, RefusedRow why) throws IOException, InterruptedException;

  /** Handles a change whose key or row the store refused. */
  void refuse(Change change, RefusedRow why) throws IOException, InterruptedException;

  /** Waits until every row passed to this handler has been written. */
  default void flush(boolean endOfInput) throws IOException, InterruptedException {}

  @Override
  default void close() throws Exception {}

  /** Fails the job at the first row. */
  record Fail(String doing) implements InvalidRows {

    @Override
    public boolean continues() {
      return false;
    }

    @Override
    public void refuse(RowData row, RefusedRow why) throws IOException {
      throw failure(why);
    }

    @Override
    public void refuse(Change change, RefusedRow why) throws IOException {
      throw failure(why);
    }

    private InvalidRowException failure(RefusedRow why) {
      return new InvalidRowException(
          doing
              + " failed (INVALID): "
              + why.detail()
              + ". Remedy: correct the row at its source, or set 'sink.invalid-rows' ="
              + " 'dead-letter'.");
    }
  }
}
