package io.dimstore.features;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one run of the feature job is told. Immutable.
 *
 * @param feature which results to compute
 * @param bootstrap the Kafka brokers, {@code host:port,…}
 * @param kafkaProperties further properties of the Kafka clients, without Flink's prefix
 * @param eventsTopic the topic that is read, keyed by user
 * @param riskTopic the topic of the risk-control rows
 * @param marketingTopic the topic of the marketing rows
 * @param deadLetterTopic the topic of the records that are no events
 * @param groupId the consumer group, which also names the job's Kafka transactions
 * @param startFrom where to begin without a checkpoint
 * @param bounded whether to end at what the topic holds when the job starts; a job that goes on
 *     from a savepoint of an endless one does not end
 * @param exactlyOnce whether rows are sent in Kafka transactions that a checkpoint commits; rows
 *     then become visible to committed readers at checkpoints only
 * @param store the id of the dimension store, as in the table option {@code store}
 * @param storeOptions the store's own options, with or without its id as their prefix
 * @param sqlVariant a folder under {@code sql/} whose files replace those of the same name, or null
 * @param tableOptions whole table options by table ({@code dim_user}, {@code dim_item}, {@code
 *     online_risk}, {@code online_marketing}) in place of those made from the store
 * @param parallelism of all operators, or 0 for the environment's own
 * @param checkpointInterval zero for no checkpoints
 * @param bufferTimeout how long a record may wait for company on its way to the next operator
 * @param lookupCapacity lookups under way per operator
 * @param lateness how much older than its user's newest an event may be
 * @param maxAhead how far an event time may lie ahead of the arrival of its record, by the broker's
 *     or the job's clock; not more than the lateness
 * @param stateTtl wall-clock time after which a silent user is forgotten
 * @param maxHistory how many events one user may have in the longest window and the lateness
 */
public record FeatureJobOptions(
    Feature feature,
    String bootstrap,
    Map<String, String> kafkaProperties,
    String eventsTopic,
    String riskTopic,
    String marketingTopic,
    String deadLetterTopic,
    String groupId,
    StartFrom startFrom,
    boolean bounded,
    boolean exactlyOnce,
    String store,
    Map<String, String> storeOptions,
    @Nullable String sqlVariant,
    Map<String, Map<String, String>> tableOptions,
    int parallelism,
    Duration checkpointInterval,
    Duration bufferTimeout,
    int lookupCapacity,
    Duration lateness,
    Duration maxAhead,
    Duration stateTtl,
    long maxHistory) {

  /** With so many events of the largest amount no sum overflows. */
  private static final long MAX_HISTORY = 9_000_000;

  /** Checks what can be checked without a server. */
  public FeatureJobOptions {
    kafkaProperties = Map.copyOf(kafkaProperties);
    storeOptions = Map.copyOf(storeOptions);
    tableOptions = Map.copyOf(tableOptions);
    require(!bootstrap.isBlank(), "the Kafka brokers are missing: give host:port");
    require(!store.isBlank(), "the store is missing: give its id, such as dynamodb");
    require(parallelism >= 0, "the parallelism must be at least 1, or 0 for the default");
    require(lookupCapacity > 0, "the lookup capacity must be at least 1");
    require(!checkpointInterval.isNegative(), "the checkpoint interval must not be negative");
    require(!bufferTimeout.isNegative(), "the buffer timeout must not be negative");
    require(!lateness.isNegative(), "the allowed lateness must not be negative");
    require(!maxAhead.isNegative(), "--max-ahead must not be negative");
    require(
        maxAhead.compareTo(lateness) <= 0,
        "--max-ahead ("
            + maxAhead
            + ") must not exceed --lateness ("
            + lateness
            + "): an event from that far ahead would make its user's present events too late;"
            + " lower --max-ahead or raise --lateness");
    require(
        stateTtl.compareTo(LookBackWindows.LONGEST.plus(lateness)) > 0,
        "the state must live longer than the longest window (30 days) and the allowed lateness");
    require(
        maxHistory >= 10_000 && maxHistory <= MAX_HISTORY,
        "--max-history must be between 10,000 and 9,000,000: beyond that a sum of the largest"
            + " amounts would overflow");
    require(
        !exactlyOnce || !checkpointInterval.isZero(),
        "exactly-once needs checkpoints: give a checkpoint interval");
  }

  /** The options that have no default: everything else is as {@link Builder} says. */
  public static Builder builder(String bootstrap, String store) {
    return new Builder(bootstrap, store);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  @Override
  public String toString() {
    return "FeatureJobOptions[" + feature + ", " + store + ", " + eventsTopic + "]"; // no secrets
  }

  /** Collects options; each setter answers the builder. Not thread-safe. */
  public static final class Builder {

    private final String bootstrap;
    private final String store;
    private Feature feature = Feature.BOTH;
    private final Map<String, String> kafkaProperties = new LinkedHashMap<>();
    private String eventsTopic = "events";
    private String riskTopic = "features-risk";
    private String marketingTopic = "features-marketing";
    private String deadLetterTopic = "events-dead-letters";
    private String groupId = "feature-job";
    private StartFrom startFrom = StartFrom.EARLIEST;
    private boolean bounded;
    private boolean exactlyOnce;
    private final Map<String, String> storeOptions = new LinkedHashMap<>();
    private @Nullable String sqlVariant;
    private final Map<String, Map<String, String>> tableOptions = new LinkedHashMap<>();
    private int parallelism;
    private Duration checkpointInterval = Duration.ofSeconds(10);
    private Duration bufferTimeout = Duration.ofMillis(1);
    private int lookupCapacity = 1000;
    private Duration lateness = Duration.ofDays(1);
    private Duration maxAhead = Duration.ofMinutes(5);
    private Duration stateTtl = Duration.ofDays(35);
    private long maxHistory = MAX_HISTORY;

    private Builder(String bootstrap, String store) {
      this.bootstrap = Objects.requireNonNull(bootstrap);
      this.store = Objects.requireNonNull(store);
    }

    /** Which results to compute; both by default. */
    public Builder feature(Feature value) {
      feature = value;
      return this;
    }

    /** Adds properties of the Kafka clients, such as {@code security.protocol}. */
    public Builder kafkaProperties(Map<String, String> values) {
      kafkaProperties.putAll(values);
      return this;
    }

    /** By default {@code events}. */
    public Builder eventsTopic(String value) {
      eventsTopic = value;
      return this;
    }

    /** By default {@code features-risk}. */
    public Builder riskTopic(String value) {
      riskTopic = value;
      return this;
    }

    /** By default {@code features-marketing}. */
    public Builder marketingTopic(String value) {
      marketingTopic = value;
      return this;
    }

    /** By default {@code events-dead-letters}. */
    public Builder deadLetterTopic(String value) {
      deadLetterTopic = value;
      return this;
    }

    /** By default {@code feature-job}. */
    public Builder groupId(String value) {
      groupId = value;
      return this;
    }

    /** The earliest record by default. */
    public Builder startFrom(StartFrom value) {
      startFrom = value;
      return this;
    }

    /** Runs on for ever by default. */
    public Builder bounded(boolean value) {
      bounded = value;
      return this;
    }

    /** At least once by default. */
    public Builder exactlyOnce(boolean value) {
      exactlyOnce = value;
      return this;
    }

    /** Adds options of the store, with or without its id as their prefix. */
    public Builder storeOptions(Map<String, String> values) {
      storeOptions.putAll(values);
      return this;
    }

    /** A folder of SQL files that replace those of the same name, such as {@code stock-hbase}. */
    public Builder sqlVariant(@Nullable String value) {
      sqlVariant = value;
      return this;
    }

    /** The whole options of one table, in place of those made from the store. */
    public Builder tableOptions(String table, Map<String, String> options) {
      tableOptions.put(table, Map.copyOf(options));
      return this;
    }

    /** The environment's own by default. */
    public Builder parallelism(int value) {
      parallelism = value;
      return this;
    }

    /** Ten seconds by default; zero for no checkpoints. */
    public Builder checkpointInterval(Duration value) {
      checkpointInterval = value;
      return this;
    }

    /** One millisecond by default. */
    public Builder bufferTimeout(Duration value) {
      bufferTimeout = value;
      return this;
    }

    /** 1,000 by default. */
    public Builder lookupCapacity(int value) {
      lookupCapacity = value;
      return this;
    }

    /** One day by default. */
    public Builder lateness(Duration value) {
      lateness = value;
      return this;
    }

    /** Five minutes by default. */
    public Builder maxAhead(Duration value) {
      maxAhead = value;
      return this;
    }

    /** 35 days by default. */
    public Builder stateTtl(Duration value) {
      stateTtl = value;
      return this;
    }

    /** 9,000,000 by default, which is also the most; at least 10,000. */
    public Builder maxHistory(long value) {
      maxHistory = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if they contradict each other, with what to change
     */
    public FeatureJobOptions build() {
      return new FeatureJobOptions(
          feature,
          bootstrap,
          kafkaProperties,
          eventsTopic,
          riskTopic,
          marketingTopic,
          deadLetterTopic,
          groupId,
          startFrom,
          bounded,
          exactlyOnce,
          store,
          storeOptions,
          sqlVariant,
          tableOptions,
          parallelism,
          checkpointInterval,
          bufferTimeout,
          lookupCapacity,
          lateness,
          maxAhead,
          stateTtl,
          maxHistory);
    }
  }
}
