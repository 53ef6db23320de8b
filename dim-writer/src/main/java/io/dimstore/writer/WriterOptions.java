package io.dimstore.writer;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one run of the writer is told. Immutable.
 *
 * @param bootstrap the Kafka brokers, {@code host:port,…}
 * @param kafkaProperties further properties of the Kafka clients, without Flink's prefix
 * @param routes the dimensions to write, each with its topic and table; none twice
 * @param deadLetterTopic the topic of the records that are no changes
 * @param groupId the consumer group
 * @param startFrom where to begin without a checkpoint
 * @param bounded whether to end at what the topics hold when the job starts
 * @param store the id of the store, as in the table option {@code store}
 * @param storeOptions the store's own options, with or without its id as their prefix
 * @param parallelism of all operators, or 0 for the environment's own
 * @param checkpointInterval zero for no checkpoints
 * @param maxAhead how far a version, as epoch milliseconds, may lie ahead of the arrival of its
 *     record, by the broker's or the job's clock; null for versions that are no times
 */
public record WriterOptions(
    String bootstrap,
    Map<String, String> kafkaProperties,
    List<Route> routes,
    String deadLetterTopic,
    String groupId,
    StartFrom startFrom,
    boolean bounded,
    String store,
    Map<String, String> storeOptions,
    int parallelism,
    Duration checkpointInterval,
    @Nullable Duration maxAhead) {

  /** Checks what can be checked without a server. */
  public WriterOptions {
    kafkaProperties = Map.copyOf(kafkaProperties);
    routes = List.copyOf(routes);
    storeOptions = Map.copyOf(storeOptions);
    require(!bootstrap.isBlank(), "the Kafka brokers are missing: give host:port");
    require(!store.isBlank(), "the store is missing: give its id, such as dynamodb");
    require(!deadLetterTopic.isBlank(), "the dead-letter topic is missing: give its name");
    require(!groupId.isBlank(), "the consumer group is missing: give its name");
    require(!routes.isEmpty(), "no dimension to write: name at least one");
    require(parallelism >= 0, "the parallelism must be at least 1, or 0 for the default");
    require(!checkpointInterval.isNegative(), "the checkpoint interval must not be negative");
    require(
        maxAhead == null || !maxAhead.isNegative(),
        "--max-ahead must not be negative; for versions that are no times give --any-version");
    for (Route route : routes) {
      String name = route.dimension().name();
      require(
          routes.stream().filter(other -> other.dimension().name().equals(name)).count() == 1,
          "dimension '" + name + "' is named twice");
      require(
          !route.topic().equals(deadLetterTopic),
          "topic '" + deadLetterTopic + "' cannot hold changes and dead letters");
    }
  }

  /** The options without a default; everything else is as {@link Builder} says. */
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
    return "WriterOptions[" + store + ", " + routes + "]"; // no secrets
  }

  /**
   * The way of one dimension.
   *
   * @param topic where its changes come from
   * @param table its table in the store
   * @param tableOptions further options of that table alone, of the connector or, with the store's
   *     id as their prefix, of the store
   */
  public record Route(
      Dimension dimension, String topic, String table, Map<String, String> tableOptions) {

    /** Checks the names. */
    public Route {
      tableOptions = Map.copyOf(tableOptions);
      require(!topic.isBlank(), "the topic of dimension '" + dimension.name() + "' has no name");
      require(!table.isBlank(), "the table of dimension '" + dimension.name() + "' has no name");
    }

    /** From the dimension's own topic into its own table. */
    public static Route of(Dimension dimension) {
      return new Route(dimension, dimension.defaultTopic(), dimension.defaultTable(), Map.of());
    }

    @Override
    public String toString() {
      return topic + " -> " + table;
    }
  }

  /** Collects options; each setter answers the builder. Not thread-safe. */
  public static final class Builder {

    private final String bootstrap;
    private final String store;
    private final Map<String, String> kafkaProperties = new LinkedHashMap<>();
    private final Map<String, String> storeOptions = new TreeMap<>();
    private List<Route> routes = Dimension.ALL.stream().map(Route::of).toList();
    private String deadLetterTopic = "dim-dead-letters";
    private String groupId = "dim-writer";
    private StartFrom startFrom = StartFrom.EARLIEST;
    private boolean bounded;
    private int parallelism;
    private Duration checkpointInterval = Duration.ofSeconds(10);
    private @Nullable Duration maxAhead = Duration.ofMinutes(5);

    private Builder(String bootstrap, String store) {
      this.bootstrap = bootstrap;
      this.store = store;
    }

    /** Adds properties of the Kafka clients, such as {@code security.protocol}. */
    public Builder kafkaProperties(Map<String, String> values) {
      kafkaProperties.putAll(values);
      return this;
    }

    /** Every dimension by default, each from its own topic into its own table. */
    public Builder routes(List<Route> values) {
      routes = values;
      return this;
    }

    /** By default {@code dim-dead-letters}. */
    public Builder deadLetterTopic(String value) {
      deadLetterTopic = value;
      return this;
    }

    /** By default {@code dim-writer}. */
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

    /** Adds options of the store, with or without its id as their prefix. */
    public Builder storeOptions(Map<String, String> values) {
      storeOptions.putAll(values);
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

    /** Five minutes by default; null for versions that are no times. */
    public Builder maxAhead(@Nullable Duration value) {
      maxAhead = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one is wrong, with what to change
     */
    public WriterOptions build() {
      return new WriterOptions(
          bootstrap,
          kafkaProperties,
          routes,
          deadLetterTopic,
          groupId,
          startFrom,
          bounded,
          store,
          storeOptions,
          parallelism,
          checkpointInterval,
          maxAhead);
    }
  }
}
