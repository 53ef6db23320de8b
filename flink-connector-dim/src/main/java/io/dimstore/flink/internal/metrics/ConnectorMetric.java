// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import io.dimstore.flink.DimMetrics;
import java.util.List;
import java.util.Locale;
import org.apache.flink.metrics.MetricGroup;

/** Every metric that the connector itself reports to Flink, whatever the store. */
public enum ConnectorMetric {
  LOOKUPS(
      Scope.TABLE,
      DimMetrics.LOOKUPS,
      "counter",
      "lookups, whether the store or the cache answered them; not those of null keys"),
  LOOKUPS_FOUND(Scope.TABLE, DimMetrics.LOOKUPS_FOUND, "counter", "lookups that found a row"),
  LOOKUPS_FAILED(
      Scope.TABLE,
      DimMetrics.LOOKUPS_FAILED,
      "counter",
      "lookups that failed, after all retries. The first one fails the task, and its metrics end:"
          + " watch the restarts of the job"),
  LOOKUPS_IN_FLIGHT(
      Scope.TABLE, "lookupsInFlight", "gauge", "lookups that have no answer yet, of the subtask"),
  LOOKUP_NANOS(
      Scope.TABLE,
      "lookupNanos",
      "histogram",
      "nanoseconds from a lookup to its answer, with the time in its batch and all retries; the"
          + " quantiles are those of the last minute, exact to 1 %"),
  READS(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.READS,
      "counter",
      "reads that lookups sent to the store; the store may divide one into several requests"),
  KEYS_READ(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.KEYS_READ,
      "counter",
      "keys in these reads; divided by `reads`, the keys of a batch"),
  KEYS_COALESCED(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.KEYS_COALESCED,
      "counter",
      "lookups whose key was waiting for its read already, so that it was not read again"),
  RETRIES(
      Scope.TABLE_AND_REASON,
      DimMetrics.RETRIES,
      "counter",
      "reads, writes and scans of the table that the connector repeats, by the failure of the"
          + " attempt before: `throttled`, `unavailable` or `timeout`"),
  CACHE_HITS(
      Scope.TABLE, DimMetrics.CACHE_HITS, "counter", "lookups that an entry of the cache answered"),
  CACHE_ABSENT_HITS(
      Scope.TABLE,
      DimMetrics.CACHE_ABSENT_HITS,
      "counter",
      "the part of `cacheHits` that found no row"),
  CACHE_MISSES(
      Scope.TABLE,
      DimMetrics.CACHE_MISSES,
      "counter",
      "lookups that no entry of the cache could answer, so that they read the store or waited for a"
          + " read of their key. With 'lookup.cache' = 'NONE' nothing is counted in these metrics"),
  CACHE_AGE_NANOS(
      Scope.TABLE,
      "cacheAgeNanos",
      "histogram",
      "staleness: nanoseconds since the time as of which an answer of the cache was known to be"
          + " true; the quantiles are those of the last minute, exact to 1 %"),
  CACHE_BYTES(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.CACHE_BYTES,
      "gauge",
      "bytes of heap that the entries of the cache occupy, as estimated"),
  CACHE_ENTRIES(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.CACHE_ENTRIES,
      "gauge",
      "entries of the cache: rows, and keys without a row"),
  CACHE_EVICTIONS(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.CACHE_EVICTIONS,
      "counter",
      "entries that were evicted because of 'lookup.cache.max-bytes'"),
  CACHE_GAPS(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.CACHE_GAPS,
      "counter",
      "times that the cache could no longer follow the table's changes. The log has the reason"),
  CACHE_STALE_ANSWERS(
      Scope.TABLE_OF_PROCESS,
      DimMetrics.CACHE_STALE_ANSWERS,
      "counter",
      "reads that failed and were answered from the cache, by 'lookup.cache.max-age-on-error'"),
  CHANGES(Scope.TABLE, DimMetrics.CHANGES, "counter", "changes that a sink received"),
  CHANGES_PENDING(
      Scope.TABLE,
      "changesPending",
      "gauge",
      "changes of the subtask's sink that wait or are being written; a checkpoint waits until it"
          + " is 0"),
  CHANGES_WRITTEN(
      Scope.TABLE,
      DimMetrics.CHANGES_WRITTEN,
      "counter",
      "changes that a sink wrote, and that no newer change of their key replaced before"),
  CHANGES_COALESCED(
      Scope.TABLE,
      DimMetrics.CHANGES_COALESCED,
      "counter",
      "changes that the sink does not write, unless the store refuses the other one, because"
          + " another change of their key, of the same or a newer version, was waiting or came while"
          + " they waited"),
  CHANGES_REOFFERED(
      Scope.TABLE,
      DimMetrics.CHANGES_REOFFERED,
      "counter",
      "changes that a newer one of their key had replaced, and that the sink sent nevertheless,"
          + " because the store refused the newer one"),
  WRITES(
      Scope.TABLE,
      DimMetrics.WRITES,
      "counter",
      "writes that a sink sent; `changesWritten` divided by this are the changes of a batch"),
  ROWS_INVALID(
      Scope.TABLE,
      DimMetrics.ROWS_INVALID,
      "counter",
      "rows that went to the dead letters; also in Flink's `numRecordsSendErrors`"),
  ROWS_SCANNED(Scope.TABLE, DimMetrics.ROWS_SCANNED, "counter", "rows that scans have read"),
  UNREADABLE_ROWS(
      Scope.TABLE,
      DimMetrics.UNREADABLE_ROWS,
      "counter",
      "rows that scans left out with `'scan.unreadable-rows' = 'skip'`"),
  REQUESTS(Scope.REQUEST, DimMetrics.REQUESTS, "counter", "requests that were sent to a server"),
  FAILURES(Scope.REQUEST, DimMetrics.FAILURES, "counter", "requests that failed"),
  REQUEST_RETRIES(
      Scope.REQUEST,
      DimMetrics.RETRIES,
      "counter",
      "requests that the store's client sent again, beside the `retries` of the connector"),
  KEYS(Scope.REQUEST, DimMetrics.KEYS, "counter", "keys or entries in the requests"),
  BYTES(
      Scope.REQUEST, DimMetrics.BYTES, "counter", "payload bytes, as far as the client knows them"),
  NANOS(
      Scope.REQUEST,
      DimMetrics.NANOS,
      "counter",
      "nanoseconds from request to response, summed over all requests"),
  READ_UNITS(Scope.REQUEST, DimMetrics.READ_UNITS, "counter", "read capacity units consumed"),
  WRITE_UNITS(Scope.REQUEST, DimMetrics.WRITE_UNITS, "counter", "write capacity units consumed"),
  COMPUTED_UNITS(
      Scope.REQUEST,
      DimMetrics.COMPUTED_UNITS,
      "counter",
      "the part of both units that the server did not report and that follows from its"
          + " documentation");

  /** What a metric is about. It decides where in Flink's metric groups the metric is. */
  public enum Scope {
    /** A table, counted by each subtask. */
    TABLE(List.of("table")),
    /** A table, counted by all subtasks of a process together. */
    TABLE_OF_PROCESS(List.of("table")),
    /** As {@link #TABLE_OF_PROCESS}, for each reason. */
    TABLE_AND_REASON(List.of("table", "reason")),
    /** The requests of one kind to one server, counted by all subtasks of a process together. */
    REQUEST(List.of("server", "operation"));

    private final List<String> labels;

    Scope(List<String> labels) {
      this.labels = labels;
    }

    /** Returns the names of the key-value groups below the store's. */
    public List<String> labels() {
      return labels;
    }

    /** Returns whether one subtask of each process reports the value for all. */
    public boolean isOfProcess() {
      return this != TABLE;
    }
  }

  private final Scope scope;
  private final String metric;
  private final String kind;
  private final String meaning;

  ConnectorMetric(Scope scope, String metric, String kind, String meaning) {
    this.scope = scope;
    this.metric = metric;
    this.kind = kind;
    this.meaning = meaning;
  }

  /** Returns the name without its groups. */
  public String metric() {
    return metric;
  }

  public Scope scope() {
    return scope;
  }

  /** Returns {@code counter}, {@code gauge} or {@code histogram}. */
  public String kind() {
    return kind;
  }

  /** Returns the meaning for the documentation. */
  public String meaning() {
    return meaning;
  }

  /** Returns the name with its groups, as in {@code dim.store.<store>.table.<table>.lookups}. */
  public String path() {
    StringBuilder path = new StringBuilder("dim.store.<store>.");
    scope.labels.forEach(label -> path.append(label).append(".<").append(label).append(">."));
    return path + metric;
  }

  /** Returns the group of a store, in which all metrics of the connector are. */
  public static MetricGroup group(MetricGroup operator, String store) {
    return operator.addGroup("dim").addGroup("store", store);
  }

  /** Returns the group of a table. */
  public static MetricGroup group(MetricGroup operator, String store, String table) {
    return group(operator, store).addGroup("table", table);
  }

  /** Returns the form in which the name of an enum's value is part of a metric. */
  static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
