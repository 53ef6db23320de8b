// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import io.dimstore.cli.DurationText;
import io.dimstore.features.lookback.LookBackWindows;
import io.dimstore.jobs.kafka.JobSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of one run of the feature job. Immutable.
 *
 * @param job the settings that every job has. Its consumer group also names the Kafka transactions.
 *     A job that continues from a savepoint of an unbounded job is unbounded, whatever these
 *     settings are
 * @param feature which results to compute
 * @param eventsTopic the topic that is read, keyed by user
 * @param riskTopic the topic of the risk-control rows
 * @param marketingTopic the topic of the marketing rows
 * @param deadLetterTopic the topic of the records that are not events
 * @param exactlyOnce whether rows are sent in Kafka transactions. Each checkpoint commits them, and
 *     only then do readers of committed records see the rows
 * @param sqlVariant a folder under {@code sql/} whose files replace those of the same name, or null
 * @param tableOptions for each table ({@code dim_user}, {@code dim_item}, {@code online_risk},
 *     {@code online_marketing}) that is not in the job's store, all options of its WITH clause
 * @param bufferTimeout how long a record may wait to be sent to the next operator together with
 *     others
 * @param lookupCapacity lookups in flight per operator
 * @param lateness how much older than its user's newest an event may be
 * @param maxAhead how far an event time may lie ahead of the arrival of its record, by the broker's
 *     or the job's clock; not more than the lateness
 * @param stateTtl wall-clock time after which the state of a user without events is removed
 * @param maxHistory how many events one user may have in the longest window plus the lateness
 */
public record FeatureJobOptions(
    JobSettings job,
    Feature feature,
    String eventsTopic,
    String riskTopic,
    String marketingTopic,
    String deadLetterTopic,
    boolean exactlyOnce,
    @Nullable String sqlVariant,
    Map<String, Map<String, String>> tableOptions,
    Duration bufferTimeout,
    int lookupCapacity,
    Duration lateness,
    Duration maxAhead,
    Duration stateTtl,
    long maxHistory) {

  /**
   * The largest number of events whose amounts can be added up without an overflow, if each is the
   * largest amount.
   */
  private static final long MAX_HISTORY = 9_000_000;

  /** Checks what can be checked without a server. */
  public FeatureJobOptions {
    tableOptions = Map.copyOf(tableOptions);
    require(lookupCapacity > 0, "--lookup-capacity '" + lookupCapacity + "': must be at least 1");
    requireNotNegative("--buffer-timeout", bufferTimeout);
    requireNotNegative("--lateness", lateness);
    requireNotNegative("--max-ahead", maxAhead);
    require(
        maxAhead.compareTo(lateness) <= 0,
        "--max-ahead '"
            + DurationText.of(maxAhead)
            + "': must be at most --lateness ("
            + DurationText.of(lateness)
            + "): an event from that far ahead would make its user's present events too late;"
            + " lower --max-ahead or raise --lateness");
    require(
        stateTtl.compareTo(LookBackWindows.LONGEST.plus(lateness)) > 0,
        "--state-ttl '"
            + DurationText.of(stateTtl)
            + "': must be longer than "
            + DurationText.of(LookBackWindows.LONGEST.plus(lateness))
            + ", the longest window and --lateness");
    require(
        maxHistory >= 10_000 && maxHistory <= MAX_HISTORY,
        "--max-history '"
            + maxHistory
            + "': must be 10,000 to 9,000,000: beyond that a sum of the largest amounts would"
            + " overflow");
    require(
        !exactlyOnce || !job.checkpointInterval().isZero(),
        "--exactly-once needs --checkpoint-interval above 0s");
  }

  /**
   * Begins with the options that have no default. {@link Builder} has the defaults of the others.
   */
  public static Builder builder(String bootstrap, String store) {
    return new Builder(bootstrap, store);
  }

  private static void requireNotNegative(String option, Duration value) {
    require(
        !value.isNegative(), option + " '" + DurationText.of(value) + "': must not be negative");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Returns the topics of the results. */
  public List<String> resultTopics() {
    return feature.results().stream()
        .map(result -> result == Result.RISK ? riskTopic : marketingTopic)
        .toList();
  }

  @Override
  public String toString() {
    return "FeatureJobOptions["
        + feature
        + ", "
        + job.store()
        + ", "
        + eventsTopic
        + "]"; // no secrets
  }

  /** Collects options; each setter returns the builder. Not thread-safe. */
  public static final class Builder {

    private final JobSettings.Builder job;
    private Feature feature = Feature.BOTH;
    private String eventsTopic = "events";
    private String riskTopic = "features-risk";
    private String marketingTopic = "features-marketing";
    private String deadLetterTopic = "events-dead-letters";
    private boolean exactlyOnce;
    private @Nullable String sqlVariant;
    private final Map<String, Map<String, String>> tableOptions = new LinkedHashMap<>();
    private Duration bufferTimeout = Duration.ofMillis(1);
    private int lookupCapacity = 1000;
    private Duration lateness = Duration.ofDays(1);
    private Duration maxAhead = Duration.ofMinutes(5);
    private Duration stateTtl = Duration.ofDays(35);
    private long maxHistory = MAX_HISTORY;

    private Builder(String bootstrap, String store) {
      job = JobSettings.builder(bootstrap, store, "feature-job");
    }

    /**
     * Changes the settings that every job has. The consumer group is {@code feature-job} by
     * default.
     */
    public Builder job(Consumer<JobSettings.Builder> changes) {
      changes.accept(job);
      return this;
    }

    /** Which results to compute; both by default. */
    public Builder feature(Feature value) {
      feature = value;
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

    /** At least once by default. */
    public Builder exactlyOnce(boolean value) {
      exactlyOnce = value;
      return this;
    }

    /** A folder of SQL files that replace those of the same name, such as {@code stock-hbase}. */
    public Builder sqlVariant(@Nullable String value) {
      sqlVariant = value;
      return this;
    }

    /**
     * Sets all options of one table's WITH clause. They replace the options for the job's store.
     */
    public Builder tableOptions(String table, Map<String, String> options) {
      tableOptions.put(table, Map.copyOf(options));
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
          job.build(),
          feature,
          eventsTopic,
          riskTopic,
          marketingTopic,
          deadLetterTopic,
          exactlyOnce,
          sqlVariant,
          tableOptions,
          bufferTimeout,
          lookupCapacity,
          lateness,
          maxAhead,
          stateTtl,
          maxHistory);
    }
  }
}
