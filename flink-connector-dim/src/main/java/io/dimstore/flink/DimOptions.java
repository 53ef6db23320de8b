package io.dimstore.flink;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.connector.source.lookup.LookupOptions;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The options of the connector itself. Those of a store are written with the store's name before
 * them, such as {@code 'dynamodb.endpoint'}.
 */
public final class DimOptions {

  /** What gives a change its version where no column does. */
  public enum VersionMode {
    /** The order of arrival at the sink. */
    ARRIVAL;

    @Override
    public String toString() {
      return "arrival";
    }
  }

  /** What a scan does about a stored row that cannot be decoded as the table's columns. */
  public enum UnreadableRows {
    /** The job fails. */
    FAIL,
    /** The scan leaves the row out, and counts it. */
    SKIP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which store. */
  public static final ConfigOption<String> STORE =
      ConfigOptions.key("store")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Name of the store that holds the table; its module must be on the class path."
                  + " Required.");

  /** Which table of the store. */
  public static final ConfigOption<String> TABLE =
      ConfigOptions.key("table")
          .stringType()
          .noDefaultValue()
          .withDescription("Name of the table in the store. Required.");

  /** The column that orders the changes of a key. */
  public static final ConfigOption<String> VERSION_COLUMN =
      ConfigOptions.key("version.column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Column that orders the changes of a key: BIGINT (epoch milliseconds), TIMESTAMP (read"
                  + " as UTC) or TIMESTAMP_LTZ, taken in milliseconds. A sink needs this, a metadata"
                  + " column 'version', or 'version' = 'arrival'.");

  /** Where no column has a version. */
  public static final ConfigOption<VersionMode> VERSION =
      ConfigOptions.key("version")
          .enumType(VersionMode.class)
          .noDefaultValue()
          .withDescription(
              "'arrival' says that nothing but the order of arrival orders the changes of a key;"
                  + " versions are then the sink's clock. A replay after a failure counts as newer.");

  /** Whether a sink creates its table. */
  public static final ConfigOption<Boolean> CREATE_TABLE =
      ConfigOptions.key("create-table")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether a sink creates the table where it is missing. Lookups and scans never do: a"
                  + " missing table fails them.");

  /** How long retries go on. */
  public static final ConfigOption<Duration> RETRY_TIMEOUT =
      ConfigOptions.key("retry-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "For how long a request that was throttled, timed out or found its server away is sent"
                  + " again, with growing pauses, before the job fails. 0 s sends it once.");

  /** Flink's own cache of looked-up rows. */
  static final ConfigOption<LookupOptions.LookupCacheType> LOOKUP_CACHE =
      LookupOptions.CACHE_TYPE.withDescription(
          "NONE asks the store for each event, together with others. PARTIAL keeps rows in each"
              + " subtask: as old as its expiry allows, whatever is written meanwhile.");

  /** Keys in a request. */
  public static final ConfigOption<Integer> LOOKUP_BATCH_SIZE =
      ConfigOptions.key("lookup.batch-size")
          .intType()
          .defaultValue(200)
          .withDescription(
              "How many keys one read holds at most. Keys of concurrent lookups of one process are"
                  + " read together; the store divides what its servers cannot take at once.");

  /** How long a key waits for others. */
  public static final ConfigOption<Duration> LOOKUP_LINGER =
      ConfigOptions.key("lookup.linger")
          .durationType()
          .defaultValue(Duration.ofMillis(1))
          .withDescription(
              "How long a key waits for others at most. It waits only while another read of the table"
                  + " is under way and its batch is not full.");

  /** Entries in a page of a scan. */
  public static final ConfigOption<Integer> SCAN_PAGE_SIZE =
      ConfigOptions.key("scan.page-size")
          .intType()
          .defaultValue(500)
          .withDescription("How many rows a scan asks for at once, in each split.");

  /** What happens to rows that cannot be decoded. */
  public static final ConfigOption<UnreadableRows> SCAN_UNREADABLE_ROWS =
      ConfigOptions.key("scan.unreadable-rows")
          .enumType(UnreadableRows.class)
          .defaultValue(UnreadableRows.FAIL)
          .withDescription(
              "What a scan does about a stored row that cannot be decoded as the table's columns."
                  + " 'fail' fails the job and names the row's key. 'skip' leaves the row out, logs"
                  + " why, and counts it in 'unreadableRows'.");

  /** Changes in a request. */
  public static final ConfigOption<Integer> SINK_BATCH_SIZE =
      ConfigOptions.key("sink.batch-size")
          .intType()
          .defaultValue(500)
          .withDescription(
              "How many changes one write holds at most. Of several changes to a key that wait, only"
                  + " the newest is written.");

  /** How long a change waits for others. */
  public static final ConfigOption<Duration> SINK_LINGER =
      ConfigOptions.key("sink.linger")
          .durationType()
          .defaultValue(Duration.ofMillis(10))
          .withDescription(
              "How long a change waits for others at most, unless 'sink.max-in-flight' writes are"
                  + " under way. It goes at once while none is. Checkpoints write all that waits.");

  /** Writes under way. */
  public static final ConfigOption<Integer> SINK_MAX_IN_FLIGHT =
      ConfigOptions.key("sink.max-in-flight")
          .intType()
          .defaultValue(4)
          .withDescription(
              "How many writes each subtask has under way at most. Two of them never hold the same"
                  + " key, so the changes of a key stay in order.");

  private DimOptions() {}

  /** All options, in the order in which a reference should show them. */
  public static List<ConfigOption<?>> all() {
    return List.of(
        STORE,
        TABLE,
        VERSION_COLUMN,
        VERSION,
        CREATE_TABLE,
        RETRY_TIMEOUT,
        LOOKUP_BATCH_SIZE,
        LOOKUP_LINGER,
        LOOKUP_CACHE,
        LookupOptions.PARTIAL_CACHE_MAX_ROWS,
        LookupOptions.PARTIAL_CACHE_EXPIRE_AFTER_WRITE,
        LookupOptions.PARTIAL_CACHE_EXPIRE_AFTER_ACCESS,
        LookupOptions.PARTIAL_CACHE_CACHE_MISSING_KEY,
        SCAN_PAGE_SIZE,
        SCAN_UNREADABLE_ROWS,
        FactoryUtil.SOURCE_PARALLELISM,
        SINK_BATCH_SIZE,
        SINK_LINGER,
        SINK_MAX_IN_FLIGHT,
        FactoryUtil.SINK_PARALLELISM);
  }
}
