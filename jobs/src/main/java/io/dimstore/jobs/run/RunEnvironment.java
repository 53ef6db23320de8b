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
   * <p>In a local one, Flink does not check whether the class loader of an ended job is used. The
   * shutdown hook of Hadoop, which the HBase client brings, was created by that class loader and
   * runs when the process ends. With the check it fails, and prints a stack trace after a job that
   * has succeeded.
   */
  public static StreamExecutionEnvironment get() {
    Configuration configuration = new Configuration();
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    return StreamExecutionEnvironment.getExecutionEnvironment(configuration);
  }
}
