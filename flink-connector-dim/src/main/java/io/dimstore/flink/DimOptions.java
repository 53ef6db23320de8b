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

  /** What decides which of two changes of a key stands. */
  public enum Order {
    /** The order of the changelog's rows. */
    CHANGELOG,
    /** The versions alone. */
    VERSION;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of rows that cannot be written. */
  public enum InvalidRowMode {
    /** They fail the job. */
    FAIL,
    /** They go to the table for dead letters. */
    DEAD_LETTER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The options of the table for dead letters have this before them. */
  static final String DEAD_LETTER_PREFIX = "sink.dead-letter.";

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
              "'arrival' says that nothing but the order of arrival orders the changes of a key."
                  + " Versions are then epoch milliseconds of the sink's own clock, which never falls"
                  + " and rises strictly for each key. A replay after a failure counts as newer.");

  /** The version of deletes that bring no other. */
  public static final ConfigOption<String> VERSION_DELETE_COLUMN =
      ConfigOptions.key("version.delete-column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Column with the version of a DELETE whose version is null, as of Debezium's deletes"
                  + " that have the key alone: for instance one that the query fills with the"
                  + " source's timestamp. Without it such a delete gets the newest version that the"
                  + " changelog has brought for its key, if 'sink.order' is 'changelog'; else the row"
                  + " is invalid.");

  /** How far the clocks of two processes may differ. */
  public static final ConfigOption<Duration> VERSION_MAX_CLOCK_SKEW =
      ConfigOptions.key("version.max-clock-skew")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "For 'version' = 'arrival': how far the clocks of two TaskManagers may differ. A sink"
                  + " starts this much ahead of its clock, and once more for each attempt since the"
                  + " last checkpoint, up to 12 times; then its clock passes at a quarter of real"
                  + " time until the local one has caught up. A bounded job ends once it has: 0 s"
                  + " saves that wait where all writers have one clock.");

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

  /** Whether the changelog's order counts. */
  public static final ConfigOption<Order> SINK_ORDER =
      ConfigOptions.key("sink.order")
          .enumType(Order.class)
          .defaultValue(Order.CHANGELOG)
          .withDescription(
              "What counts where a changelog has updates or deletes and rows bring versions."
                  + " 'changelog': its order; a row that takes the place of a newer one gets the"
                  + " version after it, for which Flink keeps the newest version of each key in"
                  + " state. 'version': the newest version stands, whatever the order, and nothing is"
                  + " kept; a withdrawn row does not fall back to an older one. In rows that are only"
                  + " inserted the newest version stands in any case.");

  /** What becomes of invalid rows. */
  public static final ConfigOption<InvalidRowMode> SINK_INVALID_ROWS =
      ConfigOptions.key("sink.invalid-rows")
          .enumType(InvalidRowMode.class)
          .defaultValue(InvalidRowMode.FAIL)
          .withDescription(
              "What becomes of a row that cannot be written: its key or version is null, or the store"
                  + " refuses it. 'fail' fails the job for good, without a restart, and names the key"
                  + " and the reason. 'dead-letter' writes it with the reason to the table that the"
                  + " options 'sink.dead-letter.*' declare, and goes on with all other rows.");

  /** Where dead letters go. */
  public static final ConfigOption<String> SINK_DEAD_LETTER_CONNECTOR =
      ConfigOptions.key(DEAD_LETTER_PREFIX + "connector")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Connector of the table for dead letters, for instance 'kafka'. Its own options follow"
                  + " the same way: 'sink.dead-letter.topic', 'sink.dead-letter.value.format' and so"
                  + " on. Letters are written at least once.");

  private DimOptions() {}

  /** All options, in the order in which a reference should show them. */
  public static List<ConfigOption<?>> all() {
    return List.of(
        STORE,
        TABLE,
        VERSION_COLUMN,
        VERSION,
        VERSION_DELETE_COLUMN,
        VERSION_MAX_CLOCK_SKEW,
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
        SINK_ORDER,
        SINK_INVALID_ROWS,
        SINK_DEAD_LETTER_CONNECTOR,
        FactoryUtil.SINK_PARALLELISM);
  }
}
