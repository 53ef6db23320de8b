// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import io.dimstore.jobs.run.Restarts;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableConfig;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.ExecutionConfigOptions;

/** Sets the job's Flink settings. No other class changes them. */
final class Environment {

  private Environment() {}

  static StreamTableEnvironment prepare(StreamExecutionEnvironment env, FeatureJobOptions options) {
    options.job().applyTo(env);
    Restarts.limit(env, options.job().reading().bounded());
    env.setBufferTimeout(options.bufferTimeout().toMillis());
    StreamTableEnvironment tables =
        StreamTableEnvironment.create(env, EnvironmentSettings.inStreamingMode());
    TableConfig config = tables.getConfig();
    config.setLocalTimeZone(ZoneOffset.UTC);
    config.setIdleStateRetention(options.stateTtl());
    // With unordered lookups, results of a user's events could be emitted in a different order.
    config.set(
        ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_OUTPUT_MODE,
        ExecutionConfigOptions.AsyncOutputMode.ORDERED);
    config.set(
        ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_BUFFER_CAPACITY, options.lookupCapacity());
    // No timer for each lookup: every request to a store has a time limit of its own.
    config.set(ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_TIMEOUT, Duration.ZERO);
    return tables;
  }

  static String jobName(FeatureJobOptions options) {
    return "features-" + options.feature().name().toLowerCase(Locale.ROOT);
  }
}
