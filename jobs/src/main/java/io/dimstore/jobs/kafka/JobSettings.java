// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The settings that every job from Kafka to a store has. Immutable.
 *
 * @param kafka the brokers
 * @param reading how the job reads its topics
 * @param store the id of the store, as in the table option {@code store}
 * @param storeOptions the store's own options, with or without its id in front
 * @param parallelism of all operators, or 0 for the environment's own
 * @param checkpointInterval zero for no checkpoints
 */
public record JobSettings(
    KafkaConnection kafka,
    Reading reading,
    String store,
    Map<String, String> storeOptions,
    int parallelism,
    Duration checkpointInterval) {

  /** Checks what can be checked without a server. */
  public JobSettings {
    storeOptions = Map.copyOf(storeOptions);
    require(
        !kafka.bootstrap().isBlank(), "--bootstrap is blank: name the Kafka brokers, host:port");
    require(!store.isBlank(), "--store is blank: give the store's id, such as dynamodb");
    require(!reading.groupId().isBlank(), "--group is blank: name the consumer group");
    require(parallelism >= 0, "--parallelism '" + parallelism + "': must be at least 0");
    require(
        !checkpointInterval.isNegative(),
        "--checkpoint-interval must not be negative: give 0s for no checkpoints");
  }

  /** Returns the options of a source of connector {@code kafka-lossless}. */
  public Map<String, String> sourceOptions() {
    return kafka.sourceOptions(reading);
  }

  /** Returns the options of a table of the store; the caller may change the map. */
  public Map<String, String> storeTable(String table) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("connector", "dim");
    options.put("store", store);
    options.put("table", table);
    String prefix = store + ".";
    storeOptions.forEach(
        (name, value) -> options.put(name.startsWith(prefix) ? name : prefix + name, value));
    return options;
  }

  /** Sets an environment's parallelism, checkpoints and object reuse. */
  public void applyTo(StreamExecutionEnvironment env) {
    env.getConfig().enableObjectReuse();
    if (parallelism > 0) {
      env.setParallelism(parallelism);
    }
    if (!checkpointInterval.isZero()) {
      env.enableCheckpointing(checkpointInterval.toMillis(), CheckpointingMode.EXACTLY_ONCE);
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  @Override
  public String toString() {
    return "JobSettings[" + store + ", " + kafka + "]"; // no secrets
  }

  /**
   * Begins with the settings that have no default.
   *
   * @param groupId the consumer group, unless another one is given
   */
  public static Builder builder(String bootstrap, String store, String groupId) {
    return new Builder(bootstrap, store, groupId);
  }

  /** Collects the settings; each setter returns the builder. Not thread-safe. */
  public static final class Builder {

    private final String bootstrap;
    private final String store;
    private final Map<String, String> kafkaProperties = new LinkedHashMap<>();
    private final Map<String, String> storeOptions = new TreeMap<>();
    private String groupId;
    private StartFrom startFrom = StartFrom.EARLIEST;
    private LostRecords lostRecords = LostRecords.FAIL;
    private boolean bounded;
    private int parallelism;
    private Duration checkpointInterval = Duration.ofSeconds(10);

    private Builder(String bootstrap, String store, String groupId) {
      this.bootstrap = bootstrap;
      this.store = store;
      this.groupId = groupId;
    }

    /** Adds properties of the Kafka clients, such as {@code security.protocol}. */
    public Builder kafkaProperties(Map<String, String> values) {
      kafkaProperties.putAll(values);
      return this;
    }

    /** Sets the consumer group. By default it has the name of the job. */
    public Builder groupId(String value) {
      groupId = value;
      return this;
    }

    /** Sets where to begin without a checkpoint. By default at the earliest record. */
    public Builder startFrom(StartFrom value) {
      startFrom = value;
      return this;
    }

    /**
     * Sets what to do if a topic no longer holds records that were not read. By default the job
     * fails.
     */
    public Builder lostRecords(LostRecords value) {
      lostRecords = value;
      return this;
    }

    /**
     * Sets whether to stop at the end that the topics have when the job starts. By default the job
     * continues.
     */
    public Builder bounded(boolean value) {
      bounded = value;
      return this;
    }

    /** Adds options of the store, with or without its id in front. */
    public Builder storeOptions(Map<String, String> values) {
      storeOptions.putAll(values);
      return this;
    }

    /** Sets the parallelism. By default it is the environment's own. */
    public Builder parallelism(int value) {
      parallelism = value;
      return this;
    }

    /** Sets the time between checkpoints, zero for none. By default ten seconds. */
    public Builder checkpointInterval(Duration value) {
      checkpointInterval = value;
      return this;
    }

    /**
     * Returns the settings.
     *
     * @throws IllegalArgumentException if one is wrong; the message says what to change
     */
    public JobSettings build() {
      return new JobSettings(
          new KafkaConnection(bootstrap, kafkaProperties),
          new Reading(groupId, startFrom, bounded, lostRecords),
          store,
          storeOptions,
          parallelism,
          checkpointInterval);
    }
  }
}
