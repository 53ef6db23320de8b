package io.dimstore.flink;

import io.dimstore.spi.StoreMetrics;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the connector counts, for the whole process and since it began. Thread-safe.
 *
 * <p>Names, each with a figure at its end:
 *
 * <ul>
 *   <li>{@code store.<store>.<server>.<get|write|scan|admin>.<figure>} with {@link #REQUESTS},
 *       {@link #FAILURES}, {@link #RETRIES}, {@link #KEYS}, {@link #BYTES}, {@link #NANOS}, {@link
 *       #READ_UNITS}, {@link #WRITE_UNITS}, {@link #COMPUTED_UNITS}: each request to a server,
 *       counted once however many tasks share the store;
 *   <li>{@code store.<store>.events.<name>}: what else the store counts;
 *   <li>{@code store.<store>.gauges.<name>}: what the store last said that something is, for
 *       instance {@code breaker.state}; where the process has several such stores open, what any of
 *       them said last;
 *   <li>{@code table.<store>.<table>.<figure>} with {@link #LOOKUPS}, {@link #LOOKUPS_FOUND},
 *       {@link #CHANGES}, {@link #CHANGES_WRITTEN}, {@link #CHANGES_SUPERSEDED}, {@link
 *       #ROWS_INVALID}, {@link #ROWS_SCANNED}, {@link #UNREADABLE_ROWS}.
 * </ul>
 *
 * <p>Flink's reporters see the same under {@code dim.} in the metric group of the operators. A
 * table's figures are there per subtask. A store is shared by the subtasks of a process: its
 * figures stand with one of them and are 0 with the others, so that their sum counts each request
 * once.
 */
public final class DimMetrics {

  /** Requests that went to a server. */
  public static final String REQUESTS = "requests";

  /** Requests that failed. */
  public static final String FAILURES = "failures";

  /** How often the client sent a request again. */
  public static final String RETRIES = "retries";

  /** Keys or entries in the requests. */
  public static final String KEYS = "keys";

  /** Payload bytes, as far as the client knows them. */
  public static final String BYTES = "bytes";

  /** Nanoseconds from send to answer, summed. */
  public static final String NANOS = "nanos";

  /** Read capacity units that the server bills. */
  public static final String READ_UNITS = "readUnits";

  /** Write capacity units that the server bills. */
  public static final String WRITE_UNITS = "writeUnits";

  /**
   * Those of the read and write units that the server did not report and its documentation gave.
   */
  public static final String COMPUTED_UNITS = "computedUnits";

  /** Lookups asked of the store; answers from Flink's cache and null keys are not among them. */
  public static final String LOOKUPS = "lookups";

  /** Lookups that found a row. */
  public static final String LOOKUPS_FOUND = "lookupsFound";

  /** Changes that came to a sink. */
  public static final String CHANGES = "changes";

  /**
   * Changes that a sink has written: fewer, where newer ones took the place of those that waited.
   */
  public static final String CHANGES_WRITTEN = "changesWritten";

  /**
   * Changes that a sink has not written, because a newer one of their key was waiting when they
   * came. The store counts those that it finds older than its row, as its event {@code superseded}.
   */
  public static final String CHANGES_SUPERSEDED = "changesSuperseded";

  /** Rows that a sink could not write and has put away as dead letters. */
  public static final String ROWS_INVALID = "rowsInvalid";

  /** Rows that scans have read. */
  public static final String ROWS_SCANNED = "rowsScanned";

  /** Rows that scans left out because they could not be decoded. */
  public static final String UNREADABLE_ROWS = "unreadableRows";

  private static final ConcurrentMap<String, Figures> REQUEST_FIGURES = new ConcurrentHashMap<>();
  private static final ConcurrentMap<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

  private static final ConcurrentMap<String, AtomicLong> GAUGES = new ConcurrentHashMap<>();

  private static final ConcurrentMap<String, String> NOTES = new ConcurrentHashMap<>();

  private DimMetrics() {}

  /** All figures as of now. Those of calls under way may be among them or not. */
  public static Snapshot snapshot() {
    SortedMap<String, Double> values = new TreeMap<>();
    REQUEST_FIGURES.forEach(
        (name, figures) ->
            figures.forEach(
                (figure, sum) -> values.put(name + "." + figure, sum.get().doubleValue())));
    COUNTS.forEach((name, count) -> values.put(name, (double) count.sum()));
    GAUGES.forEach((name, value) -> values.put(name, (double) value.get()));
    return new Snapshot(values);
  }

  /** What stores say in words, by {@code store.<store>.<name>}, for instance their hot keys. */
  public static SortedMap<String, String> notes() {
    return new TreeMap<>(NOTES);
  }

  /**
   * Figures by name, in alphabetical order.
   *
   * @param values whole numbers below 2^53, but for capacity units
   */
  public record Snapshot(SortedMap<String, Double> values) {

    /** One figure; 0 where nothing was counted under the name. */
    public double value(String name) {
      return values.getOrDefault(name, 0.0);
    }

    /** The sum of the figures whose names begin and end so. */
    public double sum(String prefix, String suffix) {
      return values.entrySet().stream()
          .filter(e -> e.getKey().startsWith(prefix) && e.getKey().endsWith(suffix))
          .mapToDouble(Map.Entry::getValue)
          .sum();
    }

    /** What was counted after an earlier snapshot; gauges stand as they are. */
    public Snapshot since(Snapshot earlier) {
      SortedMap<String, Double> difference = new TreeMap<>();
      values.forEach(
          (name, value) ->
              difference.put(name, GAUGES.containsKey(name) ? value : value - earlier.value(name)));
      return new Snapshot(difference);
    }
  }

  /** The name under which requests of one kind are counted, without the figure. */
  public static String requests(String store, String server, StoreMetrics.Operation operation) {
    return "store." + store + "." + server + "." + operation.name().toLowerCase(Locale.ROOT);
  }

  /** The name of a figure of a table. */
  public static String table(String store, String table, String figure) {
    return "table." + store + "." + table + "." + figure;
  }

  static Figures requestFigures(String name) {
    return REQUEST_FIGURES.computeIfAbsent(name, ignored -> new Figures());
  }

  static void note(String name, String text) {
    NOTES.put(name, text);
  }

  static AtomicLong gauge(String name) {
    return GAUGES.computeIfAbsent(name, ignored -> new AtomicLong());
  }

  static LongAdder count(String name) {
    return COUNTS.computeIfAbsent(name, ignored -> new LongAdder());
  }
}
