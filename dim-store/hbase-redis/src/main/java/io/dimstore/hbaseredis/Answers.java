package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Checks that what a server answered is about what it was asked. An answer that is about something
 * else fails UNAVAILABLE: taken as it is, it would make rows look absent.
 */
final class Answers {

  private static final String HBASE = "HBase";

  private Answers() {}

  /**
   * Checks the answers to gets: one for each row, of that row or empty.
   *
   * @throws StoreException UNAVAILABLE
   */
  static void requireRows(List<byte[]> asked, List<Result> results) {
    requireAll(HBASE, asked.size(), results);
    for (int i = 0; i < results.size(); i++) {
      Result result = results.get(i);
      if (result == null) {
        throw unrelated(HBASE, "nothing for row " + Bytes.toStringBinary(asked.get(i)));
      }
      if (result.isEmpty()) {
        continue;
      }
      Cell first = result.rawCells()[0];
      if (!CellUtil.matchingRows(first, asked.get(i))) {
        throw unrelated(
            HBASE,
            "row "
                + Bytes.toStringBinary(CellUtil.cloneRow(first))
                + " where row "
                + Bytes.toStringBinary(asked.get(i))
                + " was asked for");
      }
    }
  }

  /**
   * Checks that there is one answer for each of those asked.
   *
   * @throws StoreException UNAVAILABLE
   */
  static <T> List<T> requireAll(String server, int asked, List<T> answers) {
    if (answers.size() != asked) {
      throw unrelated(server, answers.size() + " answers to " + asked + " questions");
    }
    return answers;
  }

  /**
   * Checks the rows of a scan: in its range, in order, each once, and no more than its limit.
   *
   * @throws StoreException UNAVAILABLE
   */
  static List<Result> requireInRange(Scan scan, List<Result> results) {
    if (scan.getLimit() > 0 && results.size() > scan.getLimit()) {
      throw unrelated(HBASE, results.size() + " rows to a scan of " + scan.getLimit());
    }
    byte[] last = scan.getStartRow();
    boolean inclusive = scan.includeStartRow();
    for (Result result : results) {
      byte[] row = result.getRow();
      int order = row == null ? -1 : Bytes.compareTo(row, last);
      boolean begins = inclusive ? order >= 0 : order > 0;
      byte[] stop = scan.getStopRow();
      boolean ends = stop.length > 0 && row != null && Bytes.compareTo(row, stop) >= 0;
      if (row == null || !begins || ends) {
        throw unrelated(
            HBASE,
            "row "
                + (row == null ? "without a key" : Bytes.toStringBinary(row))
                + " to a scan that is to go on from "
                + Bytes.toStringBinary(last)
                + " up to "
                + Bytes.toStringBinary(stop));
      }
      last = row;
      inclusive = false;
    }
    return results;
  }

  private static StoreException unrelated(String server, String what) {
    return new StoreException(
        Kind.UNAVAILABLE, server + " answered " + what + "; the answer is not used");
  }
}
