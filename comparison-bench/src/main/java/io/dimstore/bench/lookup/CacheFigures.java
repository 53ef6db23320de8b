// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.dimstore.cli.report.ConsoleTable;
import io.dimstore.cli.report.NumberFormats;
import java.util.Map;

/**
 * The figures of one measurement of a cache that has the whole table.
 *
 * @param store the store
 * @param rows rows of the table
 * @param servers the servers by name
 * @param scanRowsPerSecond of a plain scan of the table, with as many requests at the same time
 * @param loadRowsPerSecond of the cache, from the start of the job to its first joined row, less
 *     what a job without a cache takes for that
 * @param loadByScan the second by the first
 * @param heapBytesPerRow by how much the heap grew while the cache was loaded. The store {@code
 *     memory} shares the values of its rows with the cache, so that they do not count again
 * @param cacheBytesPerRow what the cache counts for a row, by which it is bounded
 * @param changes how many rows were changed, one after the other
 * @param visibleMillis after how long a lookup joined the changed row, by percentile
 * @param requestsPerEvent requests for rows while the changes were awaited
 */
@JsonPropertyOrder({
  "store",
  "rows",
  "servers",
  "scanRowsPerSecond",
  "loadRowsPerSecond",
  "loadByScan",
  "heapBytesPerRow",
  "cacheBytesPerRow",
  "changes",
  "visibleMillis",
  "requestsPerEvent"
})
record CacheFigures(
    String store,
    int rows,
    Map<String, String> servers,
    double scanRowsPerSecond,
    double loadRowsPerSecond,
    double loadByScan,
    double heapBytesPerRow,
    double cacheBytesPerRow,
    int changes,
    Map<String, Double> visibleMillis,
    double requestsPerEvent) {

  /** Formats the figures as a table for the console. */
  String table() {
    ConsoleTable table =
        new ConsoleTable().row(store + ", " + NumberFormats.count(rows) + " rows", "");
    table.row("plain scan, rows/s", NumberFormats.measure(scanRowsPerSecond));
    table.row("load of the cache, rows/s", NumberFormats.measure(loadRowsPerSecond));
    table.row("load by scan", NumberFormats.measure(loadByScan));
    table.row("heap, bytes/row", NumberFormats.measure(heapBytesPerRow));
    table.row("counted by the cache, bytes/row", NumberFormats.measure(cacheBytesPerRow));
    visibleMillis.forEach(
        (percentile, millis) ->
            table.row("change visible, ms, " + percentile, NumberFormats.measure(millis)));
    table.row("requests for rows per event", NumberFormats.measure(requestsPerEvent));
    return table.render();
  }
}
