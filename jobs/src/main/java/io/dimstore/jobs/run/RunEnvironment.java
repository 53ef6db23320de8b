// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Creates the environment in which a command runs its job. */
public final class RunEnvironment {

  private RunEnvironment() {}

  /**
   * Returns the environment of the cluster that runs this program, or a local one.
   *
   * <p>In the local environment, Flink's check for leaked class loaders is off. The HBase client
   * brings a shutdown hook of Hadoop, whose classes are loaded by the job's class loader. With the
   * check on, this hook fails when the process ends, and prints a stack trace after a job that has
   * succeeded.
   */
  public static StreamExecutionEnvironment get() {
    Configuration configuration = new Configuration();
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    return StreamExecutionEnvironment.getExecutionEnvironment(configuration);
  }
}
