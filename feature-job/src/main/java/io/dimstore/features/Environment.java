package io.dimstore.features;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;

/** The one place where the job's Flink settings are made. */
final class Environment {

  private Environment() {}

  static StreamTableEnvironment prepare(StreamExecutionEnvironment env, FeatureJobOptions options) {
    env.getConfig().enableObjectReuse();
    env.setBufferTimeout(options.bufferTimeout().toMillis());
    if (options.parallelism() > 0) {
      env.setParallelism(options.parallelism());
    }
    Duration interval = options.checkpointInterval();
    if (!interval.isZero()) {
      env.enableCheckpointing(interval.toMillis(), CheckpointingMode.EXACTLY_ONCE);
    }
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(env, EnvironmentSettings.inStreamingMode());
    TableConfig config = tables.getConfig();
    config.setLocalTimeZone(ZoneOffset.UTC);
    config.setIdleStateRetention(options.stateTtl());
    // Unordered lookups would let a user's events overtake each other on the way to the results.
    config.set(
        ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_OUTPUT_MODE,
        ExecutionConfigOptions.AsyncOutputMode.ORDERED);
    config.set(
        ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_BUFFER_CAPACITY, options.lookupCapacity());
    return tables;
  }

  static String jobName(FeatureJobOptions options) {
    return "features-" + options.feature().name().toLowerCase(Locale.ROOT);
  }
}
