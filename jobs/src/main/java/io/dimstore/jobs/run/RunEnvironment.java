// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;
import org.jspecify.annotations.Nullable;

/** Creates the environment in which a command runs its job. */
public final class RunEnvironment {

  private RunEnvironment() {}

  /**
   * Returns the environment of the cluster that runs this program, or a local one.
   *
   * <p>In the local environment, Flink's check for leaked class loaders is off. The HBase client
   * brings a shutdown hook of Hadoop, whose classes are loaded by the job's class loader. With the
   * check on, this hook fails when the process ends, and prints a stack trace after a job that has
   * succeeded. Checkpoints of the local environment are files in a temporary folder, which is
   * removed when the process ends: by default they would be in the memory of the JobManager, which
   * takes 5 MB of a state at most and then fails the job.
   *
   * @throws UncheckedIOException if the temporary folder cannot be created
   */
  public static StreamExecutionEnvironment get() {
    Configuration configuration = new Configuration();
    configuration.set(CoreOptions.CHECK_LEAKED_CLASSLOADER, false);
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    if (env instanceof LocalStreamEnvironment) {
      Configuration local = new Configuration();
      local.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
      local.set(
          CheckpointingOptions.CHECKPOINTS_DIRECTORY,
          temporaryFolder("checkpoints").toUri().toString());
      env.configure(local);
    }
    return env;
  }

  /**
   * Returns the environment that submits a job to a Flink cluster, with all jars of this program
   * that the cluster does not have. The last checkpoint of a job stays when the job is cancelled or
   * fails, so that another one can continue from it. A cluster's own setting for this does not
   * reach jobs that a program submits.
   *
   * @param cluster address of the cluster's REST interface
   * @param savepoint the savepoint that the job continues from, or null
   * @throws UncheckedIOException if a class path with folders cannot be packed
   */
  public static StreamExecutionEnvironment of(URI cluster, @Nullable String savepoint) {
    Configuration configuration = new Configuration();
    configuration.set(DeploymentOptions.TARGET, "remote");
    configuration.set(DeploymentOptions.ATTACHED, false);
    configuration.set(RestOptions.ADDRESS, cluster.getHost());
    configuration.set(RestOptions.PORT, cluster.getPort());
    configuration.set(PipelineOptions.JARS, jars());
    configuration.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    if (savepoint != null) {
      configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    }
    return new StreamExecutionEnvironment(configuration);
  }

  private static List<String> jars() {
    try {
      return ProgramJars.of(System.getProperty("java.class.path"), temporaryFolder("jars")).stream()
          .map(jar -> jar.toUri().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The jars of the job cannot be collected: " + e, e);
    }
  }

  private static Path temporaryFolder(String purpose) {
    try {
      Path folder = Files.createTempDirectory("dimstore-" + purpose + "-");
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> FileUtils.deleteDirectoryQuietly(folder.toFile()),
                  "remove temporary " + purpose));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The folder for "
              + purpose
              + " cannot be created in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage(),
          e);
    }
  }
}
