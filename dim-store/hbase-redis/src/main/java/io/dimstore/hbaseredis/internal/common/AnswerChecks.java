// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.List;
import org.apache.hadoop.hbase.Cell;
import org.apache.hadoop.hbase.CellUtil;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.util.Bytes;

/**
 * Checks that a server's answer matches the request. An answer to another request fails
 * UNAVAILABLE: if it were used, rows would look absent.
 */
public final class AnswerChecks {

  private static final String HBASE = "HBase";

  private AnswerChecks() {}

  /**
   * Checks the results of gets: there must be one for each row, which is empty or has cells of that
   * row.
   *
   * @throws StoreException UNAVAILABLE
   */
  public static void requireRows(List<byte[]> asked, List<Result> results) {
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
                + " was requested");
      }
    }
  }

  /**
   * Checks that there is one answer for each requested key.
   *
   * @throws StoreException UNAVAILABLE
   */
  public static <T> List<T> requireAll(String server, int asked, List<T> answers) {
    if (answers.size() != asked) {
      throw unrelated(server, answers.size() + " answers to " + asked + " requests");
    }
    return answers;
  }

  /**
   * Checks the rows of a scan: they must be in its range, in order, without duplicates, and no more
   * than its limit.
   *
   * @throws StoreException UNAVAILABLE
   */
  public static List<Result> requireInRange(Scan scan, List<Result> results) {
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
                + " to a scan that continues from "
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
