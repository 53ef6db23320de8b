// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.process;

import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;

/** Flink's settings for the jobs of an arm. */
public final class ArmSettings {

  private ArmSettings() {}

  /**
   * Returns settings without restarts: a restarted job would repeat work and distort the
   * measurement.
   *
   * @param work the folder of the run, for checkpoints
   */
  public static Configuration of(Path work) {
    Configuration configuration = new Configuration();
    // The JobManager's memory takes 5 MB of a state at most.
    configuration.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, work.resolve("checkpoints").toUri().toString());
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    return configuration;
  }
}
