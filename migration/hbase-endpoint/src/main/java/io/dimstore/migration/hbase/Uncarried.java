// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AdvancedScanResultConsumer;
import org.apache.hadoop.hbase.client.AsyncTable;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.Result;
import org.apache.hadoop.hbase.client.Scan;
import org.apache.hadoop.hbase.filter.FirstKeyOnlyFilter;
import org.apache.hadoop.hbase.util.Bytes;

/** What the endpoints have recorded of a table that they do not carry. */
final class Uncarried {

  /** More records than these are not counted. */
  private static final int MOST = 1_000;

  private Uncarried() {}

  /**
   * Returns what one peer does not carry of a table, as sentences.
   *
   * @param letters the existing table of the records
   * @throws StoreException if HBase does not answer, or the user may not read the records
   */
  static List<String> of(
      HBaseClient client, TableName letters, String peer, TableName table, long patienceSeconds)
      throws InterruptedException, TimeoutException {
    byte[] prefix = DeadLetterTable.letterKey(peer, table, new byte[0]);
    try {
      AsyncTable<AdvancedScanResultConsumer> records =
          client.table(letters).get(patienceSeconds, TimeUnit.SECONDS);
      Result outsideLog =
          records
              .get(new Get(prefix).addFamily(DeadLetterTable.FAMILY))
              .get(patienceSeconds, TimeUnit.SECONDS);
      Scan rows =
          new Scan()
              .setStartStopRowForPrefixScan(prefix)
              .withStartRow(prefix, false)
              .setFilter(new FirstKeyOnlyFilter())
              .setLimit(MOST);
      int refused = records.scanAll(rows).get(patienceSeconds, TimeUnit.SECONDS).size();
      return sentences(letters, peer, table, sum(outsideLog), refused);
    } catch (ExecutionException e) {
      throw Failures.of("HBase", e);
    }
  }

  private static List<String> sentences(
      TableName letters, String peer, TableName table, long outsideLog, int refused) {
    List<String> sentences = new ArrayList<>();
    if (outsideLog > 0) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "%,d changes of table %s with SKIP_WAL are recorded for peer '%s' in table %s",
              outsideLog,
              table,
              peer,
              letters));
    }
    if (refused > 0) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "%,d%s rows of table %s that peer '%s' could not carry are recorded in table %s",
              refused,
              refused == MOST ? " or more" : "",
              table,
              peer,
              letters));
    }
    return sentences;
  }

  private static long sum(Result outsideLog) {
    long sum = 0;
    if (!outsideLog.isEmpty()) {
      for (Map.Entry<byte[], byte[]> cell :
          outsideLog.getFamilyMap(DeadLetterTable.FAMILY).entrySet()) {
        if (Bytes.toString(cell.getKey()).startsWith(DeadLetterTable.OUTSIDE_LOG)) {
          sum += Bytes.toLong(cell.getValue());
        }
      }
    }
    return sum;
  }
}
