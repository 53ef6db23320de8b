// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class RestartsTest {

  @Test
  void boundedJobRestartsThreeTimes() {
    ReadableConfig limited = limited(local(new Configuration()), true);
    assertThat(limited.get(RESTART_STRATEGY)).isEqualTo("fixed-delay");
    assertThat(limited.get(RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS)).isEqualTo(3);
  }

  @Test
  void continuousJobOfThisProcessRestartsTwentyTimes() {
    ReadableConfig limited = limited(local(new Configuration()), false);
    assertThat(limited.get(RESTART_STRATEGY)).isEqualTo("exponential-delay");
    assertThat(limited.get(RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS)).isEqualTo(20);
  }

  @Test
  void continuousJobOfAClusterKeepsTheStrategyOfTheCluster() {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createRemoteEnvironment("jobmanager", 8081);
    env.enableCheckpointing(1_000);
    assertThat(limited(env, false).getOptional(RESTART_STRATEGY)).isEmpty();
  }

  @Test
  void strategyOfTheUserIsKept() {
    for (boolean bounded : new boolean[] {true, false}) {
      Configuration configuration = new Configuration();
      configuration.set(RESTART_STRATEGY, "none");
      assertThat(limited(local(configuration), bounded).get(RESTART_STRATEGY)).isEqualTo("none");
    }
  }

  private static StreamExecutionEnvironment local(Configuration configuration) {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    env.enableCheckpointing(1_000);
    return env;
  }

  private static ReadableConfig limited(StreamExecutionEnvironment env, boolean bounded) {
    Restarts.limit(env, bounded);
    return env.getConfiguration();
  }
}
