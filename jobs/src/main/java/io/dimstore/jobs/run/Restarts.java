// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Limits the restarts of a job. By default, Flink restarts a job with checkpoints for ever, even if
 * its store has no such table.
 */
public final class Restarts {

  /** How often a bounded job restarts. */
  private static final int OF_BOUNDED = 3;

  /**
   * How often a continuous job restarts in a row. With the delays below, a server may be absent for
   * about a quarter of an hour.
   */
  private static final int OF_CONTINUOUS = 20;

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  /** After this time without a failure, the restarts are counted from 0 again. */
  private static final Duration QUIET = Duration.ofMinutes(5);

  private Restarts() {}

  /**
   * Sets the restart strategy of a job, unless the configuration has one. A continuous job on a
   * cluster keeps the cluster's strategy.
   */
  public static void limit(StreamExecutionEnvironment env, boolean bounded) {
    if (env.getConfiguration().getOptional(RestartStrategyOptions.RESTART_STRATEGY).isPresent()) {
      return;
    }
    if (bounded) {
      env.configure(ofBounded());
    } else if (env instanceof LocalStreamEnvironment
        && env.getCheckpointConfig().isCheckpointingEnabled()) {
      env.configure(ofContinuous());
    }
  }

  private static Configuration ofBounded() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, OF_BOUNDED);
    return configuration;
  }

  private static Configuration ofContinuous() {
    Configuration configuration = new Configuration();
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, OF_CONTINUOUS);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, LONGEST_DELAY);
    configuration.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD, QUIET);
    return configuration;
  }
}
