package io.dimstore.flink;

import io.dimstore.spi.Change;
import java.io.IOException;
import org.apache.flink.table.data.RowData;

/** What a sink does with the rows that it cannot write. */
interface InvalidRows extends AutoCloseable {

  /** Takes a row that is no change of the table. The row may be used again after the call. */
  void refuse(RowData row, RefusedRow why) throws IOException, InterruptedException;

  /** Takes a change whose key or row the store has refused. */
  void refuse(Change change, RefusedRow why) throws IOException, InterruptedException;

  /** Returns when every row that was taken is safe. */
  default void flush(boolean endOfInput) throws IOException, InterruptedException {}

  @Override
  default void close() throws Exception {}

  /** Fails the job at the first row. */
  record Fail(String doing) implements InvalidRows {

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
