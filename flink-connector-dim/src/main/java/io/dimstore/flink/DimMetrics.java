// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import io.dimstore.flink.internal.registry.MetricRegistry;
import io.dimstore.spi.StoreMetrics;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The connector's counters for the whole process, since the process started. Thread-safe.
 *
 * <p>Each name ends with the name of a metric:
 *
 * <ul>
 *   <li>{@code store.<store>.<server>.<get|write|scan|admin>.<metric>} with {@link #REQUESTS},
 *       {@link #FAILURES}, {@link #RETRIES}, {@link #KEYS}, {@link #BYTES}, {@link #NANOS}, {@link
 *       #READ_UNITS}, {@link #WRITE_UNITS}, {@link #COMPUTED_UNITS}: the requests to a server. Each
 *       request is counted once, however many tasks share the store.
 *   <li>{@code store.<store>.events.<name>}: other events that the store counts.
 *   <li>{@code store.<store>.gauges.<name>}: the value that the store reported last, for instance
 *       of {@code breaker.state}. If the process has several such stores open, it is the value that
 *       any of them reported last.
 *   <li>{@code store.<store>.gauges.<name>.<table>}: the same for a value that each table has.
 *   <li>{@code table.<store>.<table>.<metric>} with {@link #LOOKUPS}, {@link #LOOKUPS_FOUND},
 *       {@link #LOOKUPS_FAILED}, {@link #READS}, {@link #KEYS_READ}, {@link #KEYS_COALESCED},
 *       {@link #CACHE_HITS}, {@link #CACHE_ABSENT_HITS}, {@link #CACHE_MISSES}, {@link
 *       #CACHE_BYTES}, {@link #CACHE_ENTRIES}, {@link #CACHE_EVICTIONS}, {@link #CACHE_GAPS},
 *       {@link #CACHE_STALE_ANSWERS}, {@link #CHANGES}, {@link #CHANGES_WRITTEN}, {@link
 *       #CHANGES_COALESCED}, {@link #CHANGES_REOFFERED}, {@link #WRITES}, {@link #ROWS_INVALID},
 *       {@link #ROWS_SCANNED}, {@link #UNREADABLE_ROWS}: the operations on a table.
 *   <li>{@code table.<store>.<table>.retries.<throttled|unavailable|timeout>}: the operations on a
 *       table that the connector repeated, by the failure of the attempt before.
 * </ul>
 *
 * <p>Flink's reporters get the same metrics, and a few that only they can show, under {@code dim.}
 * in the metric group of the operators; {@code docs/operations.md} lists them. Metrics of a table
 * are reported per subtask. A store is shared by the subtasks of a process: one of them reports the
 * store's metrics and the others report 0, so that the sum over all subtasks counts each request
 * once.
 */
public final class DimMetrics {

  /** Requests that were sent to a server. */
  public static final String REQUESTS = "requests";

  /** Requests that failed. */
  public static final String FAILURES = "failures";

  /** Requests that the client sent again. */
  public static final String RETRIES = "retries";

  /** Keys or entries in the requests. */
  public static final String KEYS = "keys";

  /** Payload bytes, as far as the client knows them. */
  public static final String BYTES = "bytes";

  /**
   * Time from sending a request to receiving its response, in nanoseconds, summed over all
   * requests.
   */
  public static final String NANOS = "nanos";

  /** Read capacity units that the server consumed. */
  public static final String READ_UNITS = "readUnits";

  /** Write capacity units that the server consumed. */
  public static final String WRITE_UNITS = "writeUnits";

  /**
   * The part of the read and write units that the server did not report. It was computed from the
   * server's documentation.
   */
  public static final String COMPUTED_UNITS = "computedUnits";

  /**
   * Lookups, whether the store or the cache answered them. Lookups of null keys are not counted.
   */
  public static final String LOOKUPS = "lookups";

  /** Lookups that found a row. */
  public static final String LOOKUPS_FOUND = "lookupsFound";

  /** Lookups that failed, after all retries. */
  public static final String LOOKUPS_FAILED = "lookupsFailed";

  /** Reads that lookups sent to the store. The store may divide one into several requests. */
  public static final String READS = "reads";

  /** Keys in the reads that lookups sent to the store. */
  public static final String KEYS_READ = "keysRead";

  /** Lookups whose key was waiting for its read already. */
  public static final String KEYS_COALESCED = "keysCoalesced";

  /** Lookups that an entry of the cache answered. */
  public static final String CACHE_HITS = "cacheHits";

  /** The part of {@link #CACHE_HITS} that found no row. */
  public static final String CACHE_ABSENT_HITS = "cacheAbsentHits";

  /** Lookups that no entry of the cache could answer. */
  public static final String CACHE_MISSES = "cacheMisses";

  /** Bytes of heap that the entries of the cache occupy, as estimated. A gauge. */
  public static final String CACHE_BYTES = "cacheBytes";

  /** Entries of the cache. A gauge. */
  public static final String CACHE_ENTRIES = "cacheEntries";

  /** Entries that were evicted because the cache had too many bytes. */
  public static final String CACHE_EVICTIONS = "cacheEvictions";

  /** Times that the cache could no longer follow the table's changes. */
  public static final String CACHE_GAPS = "cacheGaps";

  /** Reads that failed and were answered from the cache. */
  public static final String CACHE_STALE_ANSWERS = "cacheStaleAnswers";

  /** Changes that a sink received. */
  public static final String CHANGES = "changes";

  /**
   * Changes that a sink wrote. There are fewer of them than {@link #CHANGES} if newer changes
   * replaced changes that were waiting.
   */
  public static final String CHANGES_WRITTEN = "changesWritten";

  /**
   * Changes that a sink did not write because another change of the same key, of the same or a
   * newer version, was waiting or came while they waited. Changes that the store finds to be older
   * than its row are not included: the store counts them as its event {@code superseded}.
   */
  public static final String CHANGES_COALESCED = "changesCoalesced";

  /**
   * Changes that a sink sent although a newer change of their key had replaced them, because the
   * store refused the newer one.
   */
  public static final String CHANGES_REOFFERED = "changesReoffered";

  /** Writes that a sink sent to the store, each with the changes of several keys. */
  public static final String WRITES = "writes";

  /** Rows that a sink could not write and wrote to the dead letters. */
  public static final String ROWS_INVALID = "rowsInvalid";

  /** Rows that scans have read. */
  public static final String ROWS_SCANNED = "rowsScanned";

  /** Rows that scans skipped because the store could not decode them. */
  public static final String UNREADABLE_ROWS = "unreadableRows";

  private DimMetrics() {}

  /**
   * Returns the current values of all counters and gauges. Calls in progress may or may not be
   * counted yet.
   */
  public static Snapshot snapshot() {
    return new Snapshot(MetricRegistry.values());
  }

  /**
   * Returns the texts that stores report, for instance their hot keys, by {@code
   * store.<store>.<name>}.
   */
  public static SortedMap<String, String> notes() {
    return new TreeMap<>(MetricRegistry.notes());
  }

  /**
   * The values of counters and gauges by name, in alphabetical order.
   *
   * @param values whole numbers below 2^53, except for capacity units
   */
  public record Snapshot(SortedMap<String, Double> values) {

    /** Returns one value, or 0 if nothing was counted under the name. */
    public double value(String name) {
      return values.getOrDefault(name, 0.0);
    }

    /** Returns the sum of the values whose names have this prefix and this suffix. */
    public double sum(String prefix, String suffix) {
      return values.entrySet().stream()
          .filter(e -> e.getKey().startsWith(prefix) && e.getKey().endsWith(suffix))
          .mapToDouble(Map.Entry::getValue)
          .sum();
    }

    /**
     * Returns the increase of each counter since an earlier snapshot. Gauges keep their current
     * values.
     */
    public Snapshot since(Snapshot earlier) {
      SortedMap<String, Double> difference = new TreeMap<>();
      values.forEach(
          (name, value) ->
              difference.put(
                  name, MetricRegistry.isGauge(name) ? value : value - earlier.value(name)));
      return new Snapshot(difference);
    }
  }

  /** Returns the prefix of the names under which requests of one kind are counted. */
  public static String requests(String store, String server, StoreMetrics.Operation operation) {
    return "store." + store + "." + server + "." + operation.name().toLowerCase(Locale.ROOT);
  }

  /** Returns the name of a metric of a table. */
  public static String table(String store, String table, String metric) {
    return "table." + store + "." + table + "." + metric;
  }
}
