// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.kafka.JobSettings;
import io.dimstore.jobs.records.ChangeParser;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.SqlTemplate;
import io.dimstore.jobs.sql.StoreTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of one run of the writer. Immutable.
 *
 * @param job the settings that every job has
 * @param routes the distinct dimensions to write, each with its topic and table
 * @param deadLetterTopic the topic for records that are not valid changes
 * @param maxAhead the most by which a version, as epoch milliseconds, may be ahead of the arrival
 *     of its record, by the broker's or the job's clock; null for versions that are not epoch
 *     milliseconds
 */
public record WriterOptions(
    JobSettings job, List<Route> routes, String deadLetterTopic, @Nullable Duration maxAhead) {

  private static final List<String> VERSION_OPTIONS =
      List.of("version", "version.column", "version.delete-column");

  /**
   * The connector option for the order of changes. A writer orders changes by their versions, so no
   * other value is allowed.
   */
  static final String ORDER = "sink.order";

  static final String BY_VERSION = "version";

  /**
   * Checks the options as far as possible without a server.
   *
   * @throws IllegalArgumentException if one is wrong; the message says what to change
   */
  public WriterOptions {
    routes = List.copyOf(routes);
    require(!deadLetterTopic.isBlank(), "the dead-letter topic is missing: give its name");
    require(!routes.isEmpty(), "no dimension to write: name at least one");
    require(
        maxAhead == null || !maxAhead.isNegative(),
        "--max-ahead must not be negative; for versions that are not epoch milliseconds, use"
            + " --any-version");
    for (Route route : routes) {
      String name = route.dimension().name();
      require(
          routes.stream().filter(other -> other.dimension().name().equals(name)).count() == 1,
          "dimension '" + name + "' is named twice");
      require(
          SqlTemplate.isIdentifier(name),
          "dimension '"
              + name
              + "': use only letters, digits and _, and no digit first: give the table '"
              + route.dimension().defaultTable()
              + "' another name in the file");
      requireParser(route.dimension());
      for (String option : VERSION_OPTIONS) {
        require(
            !route.tableOptions().containsKey(option),
            "option '"
                + option
                + "' of dimension '"
                + name
                + "': leave it out, because every change in the topic has a version");
      }
      String order = route.tableOptions().get(ORDER);
      require(
          order == null || order.equalsIgnoreCase(BY_VERSION),
          "option '"
              + ORDER
              + "' of dimension '"
              + name
              + "': leave it out, because the newest version of a change topic wins");
      require(
          !route.topic().equals(deadLetterTopic),
          "topic '" + deadLetterTopic + "' cannot hold changes and dead letters");
    }
  }

  /** Refuses columns that a change cannot have. */
  private static void requireParser(Dimension dimension) {
    try {
      new ChangeParser(dimension.columns(), dimension.keyColumns(), null);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "dimension '" + dimension.name() + "': " + e.getMessage(), e);
    }
  }

  /** Returns a builder. Only these options have no default. */
  public static Builder builder(String bootstrap, String store) {
    return new Builder(bootstrap, store);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Returns the tables in the store. */
  List<StoreTable> tables() {
    return routes.stream().map(route -> route.in(job)).toList();
  }

  @Override
  public String toString() {
    return "WriterOptions[" + job.store() + ", " + routes + "]"; // no secrets
  }

  /**
   * A dimension with its topic and table.
   *
   * @param dimension the dimension
   * @param topic the topic of its changes
   * @param table its table in the store
   * @param tableOptions further options of this table: options of the connector or, with the
   *     store's id in front, of the store
   */
  public record Route(
      Dimension dimension, String topic, String table, Map<String, String> tableOptions) {

    /** Checks the names. */
    public Route {
      tableOptions = Map.copyOf(tableOptions);
      require(!topic.isBlank(), "the topic of dimension '" + dimension.name() + "' has no name");
      require(!table.isBlank(), "the table of dimension '" + dimension.name() + "' has no name");
    }

    /** Returns the route from the dimension's default topic to its default table. */
    public static Route of(Dimension dimension) {
      return new Route(dimension, dimension.defaultTopic(), dimension.defaultTable(), Map.of());
    }

    /** Returns the table in the store of a job, with the options that belong to the store. */
    StoreTable in(JobSettings job) {
      return in(job.store(), job.storeOptions());
    }

    /** Returns the table in a store, with the options that belong to the store. */
    StoreTable in(String store, Map<String, String> storeOptions) {
      return StoreTable.of(store, storeOptions, dimension.storedAs(table, tableOptions));
    }

    @Override
    public String toString() {
      return topic + " -> " + table;
    }
  }

  /** Collects options. Each setter returns the builder. Not thread-safe. */
  public static final class Builder {

    private final JobSettings.Builder job;
    private @Nullable List<Route> routes;
    private String deadLetterTopic = "dim-dead-letters";
    private @Nullable Duration maxAhead = Duration.ofMinutes(5);

    private Builder(String bootstrap, String store) {
      job = JobSettings.builder(bootstrap, store, "dim-writer");
    }

    /**
     * Changes the settings that every job has. The consumer group is {@code dim-writer} by default.
     */
    public Builder job(Consumer<JobSettings.Builder> changes) {
      changes.accept(job);
      return this;
    }

    /**
     * Sets the dimensions to write. By default the built-in ones, each from its default topic to
     * its default table.
     */
    public Builder routes(List<Route> values) {
      routes = values;
      return this;
    }

    /** Sets the dead-letter topic. By default {@code dim-dead-letters}. */
    public Builder deadLetterTopic(String value) {
      deadLetterTopic = value;
      return this;
    }

    /**
     * Sets the most by which a version may be ahead of its record's arrival; null for versions that
     * are not epoch milliseconds. By default five minutes.
     */
    public Builder maxAhead(@Nullable Duration value) {
      maxAhead = value;
      return this;
    }

    /**
     * Returns the options.
     *
     * @throws IllegalArgumentException if one is wrong; the message says what to change
     */
    public WriterOptions build() {
      List<Route> all =
          routes == null ? Dimensions.builtIn().stream().map(Route::of).toList() : routes;
      return new WriterOptions(job.build(), all, deadLetterTopic, maxAhead);
    }
  }
}
