// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.table.connector.source.lookup.LookupOptions;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * The options of the connector itself. A table gives the options of its store with the store's name
 * as a prefix, such as {@code 'dynamodb.endpoint'}.
 */
public final class DimOptions {

  /** Where a change gets its version if no column has one. */
  public enum VersionMode {
    /** The order of arrival at the sink. */
    ARRIVAL;

    @Override
    public String toString() {
      return "arrival";
    }
  }

  /** What a scan does with a stored row that cannot be decoded as the table's columns. */
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

  /** Which of two changes of a key is kept. */
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

  /** What happens to rows that cannot be written. */
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

  /** The prefix of the options of the table for dead letters. */
  public static final String DEAD_LETTER_PREFIX = "sink.dead-letter.";

  /** The store that holds the table. */
  public static final ConfigOption<String> STORE =
      ConfigOptions.key("store")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Name of the store that holds the table; its module must be on the class path."
                  + " Required.");

  /** The name of the table in the store. */
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

  /** The source of versions if no column has them. */
  public static final ConfigOption<VersionMode> VERSION =
      ConfigOptions.key("version")
          .enumType(VersionMode.class)
          .noDefaultValue()
          .withDescription(
              "With 'arrival', only the order of arrival at the sink orders the changes of a key."
                  + " Versions are then epoch milliseconds of the sink's own clock, which never"
                  + " goes back; the versions that a sink gives to a key rise strictly. A replay"
                  + " after a failure counts as newer. Sinks of different processes have different"
                  + " clocks: see 'version.max-clock-skew'.");

  /** The column with the version of deletes that have no other version. */
  public static final ConfigOption<String> VERSION_DELETE_COLUMN =
      ConfigOptions.key("version.delete-column")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Column with the version of a DELETE whose own version is null, such as a delete of"
                  + " Debezium that contains only the key. The query can fill this column with the"
                  + " source's timestamp. Without this option such a delete gets the newest version"
                  + " that the changelog has had for its key, if 'sink.order' is 'changelog';"
                  + " otherwise the row is invalid.");

  /** How far the clocks of two processes may differ. */
  public static final ConfigOption<Duration> VERSION_MAX_CLOCK_SKEW =
      ConfigOptions.key("version.max-clock-skew")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription(
              "For 'version' = 'arrival': how far the clocks of two TaskManagers may differ. After"
                  + " each start and restart, a sink waits this long before it writes its first"
                  + " change. Its versions are then above those of every sink that ended before. If"
                  + " sinks of different processes write the same key at the same time, a later"
                  + " change may lose against an earlier one if the time between them is shorter"
                  + " than the difference of their clocks. 0 s avoids the wait if all writers share"
                  + " one clock. At most 1 min.");

  /** The largest difference between clocks that may be declared, since a sink waits as long. */
  public static final Duration LARGEST_CLOCK_SKEW = Duration.ofMinutes(1);

  /** Whether a sink creates its table. */
  public static final ConfigOption<Boolean> CREATE_TABLE =
      ConfigOptions.key("create-table")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether a sink creates the table if it does not exist. Lookups and scans never"
                  + " create it; they fail.");

  /** How long requests are retried. */
  public static final ConfigOption<Duration> RETRY_TIMEOUT =
      ConfigOptions.key("retry-timeout")
          .durationType()
          .defaultValue(Duration.ofMinutes(1))
          .withDescription(
              "How long a request that was throttled, timed out or could not reach its server is"
                  + " retried, with growing pauses, before the job fails. With 0 s it is sent"
                  + " once.");

  /** Whether rows are cached. */
  public static final ConfigOption<LookupOptions.LookupCacheType> LOOKUP_CACHE =
      LookupOptions.CACHE_TYPE.withDescription(
          "With NONE every lookup reads the store, in a batch with other lookups. With PARTIAL all"
              + " lookups of a process share a cache of the rows that they read. With FULL each"
              + " process reads the whole table before its first lookup, and then follows its"
              + " changes; the store must have a feed of them. See docs/freshness.md.");

  /** How much memory the cache may take. */
  public static final ConfigOption<MemorySize> LOOKUP_CACHE_MAX_BYTES =
      ConfigOptions.key("lookup.cache.max-bytes")
          .memoryType()
          .defaultValue(MemorySize.ofMebiBytes(64))
          .withDescription(
              "The most heap that the cache of the table may take in each process, as estimated from"
                  + " the sizes of keys and rows. When it is full, rows that no lookup has used for"
                  + " some time leave first.");

  /** How old an answer of the cache may be. */
  public static final ConfigOption<Duration> LOOKUP_CACHE_MAX_AGE =
      ConfigOptions.key("lookup.cache.max-age")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "How old an answer of the cache may be. The age counts from when the row was requested,"
                  + " or, with 'lookup.cache.follow', from when the table's changes were requested"
                  + " last. It is shortened at random by up to a tenth, so that rows that were read"
                  + " together are not read again together.");

  /** How old the absence of a row may be. */
  public static final ConfigOption<Duration> LOOKUP_CACHE_ABSENT_MAX_AGE =
      ConfigOptions.key("lookup.cache.absent-max-age")
          .durationType()
          .defaultValue(Duration.ofSeconds(1))
          .withDescription(
              "The same for the answer that a key has no row; at most 'lookup.cache.max-age'. A"
                  + " longer time saves reads of keys that never have a row, and shows rows later"
                  + " that come after their first lookup. With 0 s every such lookup reads the"
                  + " store.");

  /** How old an answer may be if the store fails. */
  public static final ConfigOption<Duration> LOOKUP_CACHE_MAX_AGE_ON_ERROR =
      ConfigOptions.key("lookup.cache.max-age-on-error")
          .durationType()
          .defaultValue(Duration.ZERO)
          .withDescription(
              "How old an answer may be if the store throttles the read, does not answer in time, or"
                  + " cannot be reached. Such an answer comes after one attempt, without the retries"
                  + " of 'retry-timeout'. With 0 s a failure is never answered from the cache.");

  /** Whether the cache follows the table's changes. */
  public static final ConfigOption<Boolean> LOOKUP_CACHE_FOLLOW =
      ConfigOptions.key("lookup.cache.follow")
          .booleanType()
          .defaultValue(true)
          .withDescription(
              "Whether the cache follows the table's changes, if the store has a feed of them. Then"
                  + " a changed row is replaced when the feed reports the change, and a row that did"
                  + " not change is not read again. Each process is one more reader of the feed:"
                  + " DynamoDB allows two. With 'false', rows live by 'lookup.cache.max-age' alone.");

  /** How often the changes are requested. */
  public static final ConfigOption<Duration> LOOKUP_CACHE_FOLLOW_INTERVAL =
      ConfigOptions.key("lookup.cache.follow-interval")
          .durationType()
          .defaultValue(Duration.ofMillis(200))
          .withDescription(
              "How long the cache waits before it requests changes again after there were none. A"
                  + " shorter time shows changes sooner and sends more requests.");

  /** How old the read of a followed row may be. */
  public static final ConfigOption<Duration> LOOKUP_CACHE_FOLLOWED_MAX_AGE =
      ConfigOptions.key("lookup.cache.followed-max-age")
          .durationType()
          .defaultValue(Duration.ofMinutes(10))
          .withDescription(
              "How long ago a row may have been read from the store, though the feed has reported no"
                  + " change of it since. It limits for how long a row is wrong that an eventually"
                  + " consistent read returned after the feed had reported the change.");

  /** Keys in a request. */
  public static final ConfigOption<Integer> LOOKUP_BATCH_SIZE =
      ConfigOptions.key("lookup.batch-size")
          .intType()
          .defaultValue(100)
          .withDescription(
              "The most keys of one read. The keys of concurrent lookups in one process are read"
                  + " together; the store splits a read that is too large for its servers.");

  /** How long a key waits for others. */
  public static final ConfigOption<Duration> LOOKUP_LINGER =
      ConfigOptions.key("lookup.linger")
          .durationType()
          .defaultValue(Duration.ofMillis(5))
          .withDescription(
              "The longest time that a key waits for other keys. It waits only while"
                  + " 'lookup.max-in-flight' reads are in flight and its own batch is not full.");

  /** Reads in flight. */
  public static final ConfigOption<Integer> LOOKUP_MAX_IN_FLIGHT =
      ConfigOptions.key("lookup.max-in-flight")
          .intType()
          .defaultValue(2)
          .withDescription(
              "How many reads of the table each process may have in flight before further keys wait"
                  + " for each other. More reads make the batches smaller: keys wait less, and the"
                  + " store gets more requests. Full batches, and keys that have waited for"
                  + " 'lookup.linger', are read in any case.");

  /** Whether a lookup that finds no row inserts one. */
  public static final ConfigOption<Boolean> LOOKUP_INSERT_IF_ABSENT =
      ConfigOptions.key("lookup.insert-if-absent")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether a lookup of a key that has no row inserts one and returns it: the key, and"
                  + " null in all other columns. Its version is 0, so that it replaces no other row"
                  + " and every other write replaces it. A deleted key stays absent until its"
                  + " tombstone ends. Lookups then need the right to write.");

  /** Entries in a page of a scan. */
  public static final ConfigOption<Integer> SCAN_PAGE_SIZE =
      ConfigOptions.key("scan.page-size")
          .intType()
          .defaultValue(500)
          .withDescription("How many rows a scan requests at once, in each split.");

  /** What happens to rows that cannot be decoded. */
  public static final ConfigOption<UnreadableRows> SCAN_UNREADABLE_ROWS =
      ConfigOptions.key("scan.unreadable-rows")
          .enumType(UnreadableRows.class)
          .defaultValue(UnreadableRows.FAIL)
          .withDescription(
              "What a scan does with a stored row that cannot be decoded as the table's columns."
                  + " 'fail' fails the job and names the row's key. 'skip' leaves the row out, logs"
                  + " why, and counts it in 'unreadableRows'.");

  /** Changes in a request. */
  public static final ConfigOption<Integer> SINK_BATCH_SIZE =
      ConfigOptions.key("sink.batch-size")
          .intType()
          .defaultValue(500)
          .withDescription(
              "The most changes of one write. If several changes to a key are waiting, only the"
                  + " newest is written.");

  /** How long each change waits for others. */
  public static final ConfigOption<Duration> SINK_DELAY =
      ConfigOptions.key("sink.delay")
          .durationType()
          .defaultValue(Duration.ZERO)
          .withDescription(
              "How long changes wait for each other even if no write is in flight. Of the changes of"
                  + " a key within this time only the newest is written, and writes are larger and"
                  + " fewer: a trade of freshness for requests and write units. A full batch and a"
                  + " checkpoint do not wait.");

  /** How long a change waits for others while a write is in flight. */
  public static final ConfigOption<Duration> SINK_LINGER =
      ConfigOptions.key("sink.linger")
          .durationType()
          .defaultValue(Duration.ofMillis(10))
          .withDescription(
              "The longest time that a change waits for other changes, unless 'sink.max-in-flight'"
                  + " writes are in flight. If no write is in flight, the change is written at"
                  + " once. With 'sink.delay', that time is used instead. Checkpoints write all"
                  + " waiting changes.");

  /** Writes in flight. */
  public static final ConfigOption<Integer> SINK_MAX_IN_FLIGHT =
      ConfigOptions.key("sink.max-in-flight")
          .intType()
          .defaultValue(4)
          .withDescription(
              "The most writes that each subtask has in flight. No two of them contain the same"
                  + " key, so the changes of a key stay in order.");

  /** Whether the order of the changelog or the versions decide which row of a key is kept. */
  public static final ConfigOption<Order> SINK_ORDER =
      ConfigOptions.key("sink.order")
          .enumType(Order.class)
          .defaultValue(Order.CHANGELOG)
          .withDescription(
              "Which row of a key is kept if the changelog has updates or deletes and its rows have"
                  + " versions. 'changelog': the last one in the changelog. A row that replaces a"
                  + " newer one gets the version after that one; for this, Flink keeps the newest"
                  + " version of each key in state. 'version': the one with the newest version,"
                  + " whatever the order. This needs no state, but if the newest row is retracted,"
                  + " the older one does not come back. If rows are only inserted, the newest"
                  + " version is kept in either case.");

  /** Whether an INSERT updates only the columns that it names. */
  public static final ConfigOption<Boolean> SINK_PARTIAL_UPDATE =
      ConfigOptions.key("sink.partial-update")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Whether an INSERT that names columns updates only these and leaves the others as they"
                  + " are stored. The column of 'version.column' must be among them: it is the"
                  + " version of these columns, and other statements may have other ones. Each key"
                  + " then takes a strong read and a conditional write. A delete sets the columns to"
                  + " null and keeps the row. Write such a table by partial updates only: against"
                  + " whole rows only the version of the row counts.");

  /** What happens to invalid rows. */
  public static final ConfigOption<InvalidRowMode> SINK_INVALID_ROWS =
      ConfigOptions.key("sink.invalid-rows")
          .enumType(InvalidRowMode.class)
          .defaultValue(InvalidRowMode.FAIL)
          .withDescription(
              "What happens to a row that cannot be written because its key or version is null or"
                  + " the store refuses it. 'fail' fails the job permanently, without a restart,"
                  + " and names the key and the reason. 'dead-letter' writes the row with the"
                  + " reason to the table that the options 'sink.dead-letter.*' declare, and"
                  + " continues with all other rows.");

  /** The connector of the table for dead letters. */
  public static final ConfigOption<String> SINK_DEAD_LETTER_CONNECTOR =
      ConfigOptions.key(DEAD_LETTER_PREFIX + "connector")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Connector of the table for dead letters, for instance 'kafka'. The options of that"
                  + " connector have the same prefix: 'sink.dead-letter.topic',"
                  + " 'sink.dead-letter.value.format' and so on. Dead letters are written at least"
                  + " once, so options with which that connector would lose rows are refused.");

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
        LOOKUP_MAX_IN_FLIGHT,
        LOOKUP_INSERT_IF_ABSENT,
        LOOKUP_CACHE,
        LOOKUP_CACHE_MAX_BYTES,
        LOOKUP_CACHE_MAX_AGE,
        LOOKUP_CACHE_ABSENT_MAX_AGE,
        LOOKUP_CACHE_MAX_AGE_ON_ERROR,
        LOOKUP_CACHE_FOLLOW,
        LOOKUP_CACHE_FOLLOW_INTERVAL,
        LOOKUP_CACHE_FOLLOWED_MAX_AGE,
        SCAN_PAGE_SIZE,
        SCAN_UNREADABLE_ROWS,
        FactoryUtil.SOURCE_PARALLELISM,
        SINK_BATCH_SIZE,
        SINK_DELAY,
        SINK_LINGER,
        SINK_MAX_IN_FLIGHT,
        SINK_ORDER,
        SINK_PARTIAL_UPDATE,
        SINK_INVALID_ROWS,
        SINK_DEAD_LETTER_CONNECTOR,
        FactoryUtil.SINK_PARALLELISM);
  }
}
