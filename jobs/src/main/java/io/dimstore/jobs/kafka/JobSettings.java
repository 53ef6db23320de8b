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
   * Collects the settings; each setter returns the builder. Not thread-safe.
   *
   * @param <B> the builder of a job's own options
   */
  public abstract static class Builder<B extends Builder<B>> {

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

    /**
     * Begins with the settings that have no default.
     *
     * @param groupId the consumer group, unless another one is given
     */
    protected Builder(String bootstrap, String store, String groupId) {
      this.bootstrap = bootstrap;
      this.store = store;
      this.groupId = groupId;
    }

    /** Returns this builder. */
    protected abstract B self();

    /** Returns the settings that were collected. */
    protected final JobSettings settings() {
      return new JobSettings(
          new KafkaConnection(bootstrap, kafkaProperties),
          new Reading(groupId, startFrom, bounded, lostRecords),
          store,
          storeOptions,
          parallelism,
          checkpointInterval);
    }

    /** Adds properties of the Kafka clients, such as {@code security.protocol}. */
    public final B kafkaProperties(Map<String, String> values) {
      kafkaProperties.putAll(values);
      return self();
    }

    /** Sets the consumer group. By default it has the name of the job. */
    public final B groupId(String value) {
      groupId = value;
      return self();
    }

    /** Sets where to begin without a checkpoint. By default at the earliest record. */
    public final B startFrom(StartFrom value) {
      startFrom = value;
      return self();
    }

    /**
     * Sets what to do if a topic no longer holds records that were not read. By default the job
     * fails.
     */
    public final B lostRecords(LostRecords value) {
      lostRecords = value;
      return self();
    }

    /**
     * Sets whether to stop at the end that the topics have when the job starts. By default the job
     * continues.
     */
    public final B bounded(boolean value) {
      bounded = value;
      return self();
    }

    /** Adds options of the store, with or without its id in front. */
    public final B storeOptions(Map<String, String> values) {
      storeOptions.putAll(values);
      return self();
    }

    /** Sets the parallelism. By default it is the environment's own. */
    public final B parallelism(int value) {
      parallelism = value;
      return self();
    }

    /** Sets the time between checkpoints, zero for none. By default ten seconds. */
    public final B checkpointInterval(Duration value) {
      checkpointInterval = value;
      return self();
    }
  }
}
