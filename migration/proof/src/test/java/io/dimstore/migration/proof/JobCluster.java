// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.stack.process.ServerGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * A Flink cluster: a JobManager and two TaskManagers, a process each, with the class path of this
 * JVM.
 */
final class JobCluster implements AutoCloseable {

  private static final String LOOPBACK = "127.0.0.1";

  /** What happens to a TaskManager. */
  enum Kind {
    /** It is killed, and another one starts. */
    KILL,
    /** It is stopped by a signal, and continued. */
    PAUSE,
    /** It is stopped and continued many times, so that it runs half of the time. */
    SLOW
  }

  private final Path folder;
  private final ServerGroup ports = ServerGroup.create();
  private final int restPort = ports.freePort();
  private final Path conf;
  private final Child jobManager;
  private final Child[] taskManagers = new Child[2];
  private int started;

  JobCluster(Path folder) throws IOException {
    this.folder = folder;
    this.conf = Files.createDirectories(folder.resolve("conf"));
    StringBuilder text = new StringBuilder();
    settings().forEach((name, value) -> text.append(name + ": '" + value + "'\n"));
    Files.writeString(conf.resolve("config.yaml"), text);
    this.jobManager = start("jobmanager", StandaloneSessionClusterEntrypoint.class);
    for (int i = 0; i < taskManagers.length; i++) {
      taskManagers[i] = startTaskManager();
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    for (String address :
        List.of(
            "rest.address",
            "rest.bind-address",
            "jobmanager.rpc.address",
            "jobmanager.bind-host",
            "taskmanager.host",
            "taskmanager.bind-host")) {
      settings.put(address, LOOPBACK);
    }
    settings.put("rest.port", Integer.toString(restPort));
    settings.put("jobmanager.rpc.port", Integer.toString(ports.freePort()));
    // A process that has ended is noticed by its connections, one that is paused is waited for.
    settings.put("heartbeat.interval", "500 ms");
    settings.put("heartbeat.timeout", "1 min");
    settings.put(CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(), uri("checkpoints"));
    // The job needs both of them.
    settings.put("taskmanager.numberOfTaskSlots", "1");
    settings.put("taskmanager.cpu.cores", "1");
    Map.of(
            "framework.heap.size", 96,
            "task.heap.size", 192,
            "framework.off-heap.size", 32,
            "task.off-heap.size", 0,
            "network.min", 32,
            "network.max", 32,
            "managed.size", 16,
            "jvm-metaspace.size", 256,
            "jvm-overhead.min", 64,
            "jvm-overhead.max", 64)
        .forEach((name, size) -> settings.put("taskmanager.memory." + name, size + "m"));
    return settings;
  }

  private String uri(String name) {
    return folder.resolve(name).toUri().toString();
  }

  private Child start(String name, Class<?> main) {
    return Child.java(
        folder.resolve(name + ".log"), List.of(), main, "--configDir", conf.toString());
  }

  private Child startTaskManager() {
    return start("taskmanager-" + started++, TaskManagerRunner.class);
  }

  /** Returns the settings by which a job runs here. */
  Configuration client() {
    Configuration settings = new Configuration();
    settings.set(DeploymentOptions.TARGET, "remote");
    settings.set(DeploymentOptions.ATTACHED, false);
    settings.set(RestOptions.ADDRESS, LOOPBACK);
    settings.set(RestOptions.PORT, restPort);
    return settings;
  }

  /** Lets one of the TaskManagers fail. Returns when it runs again, or another one was started. */
  void fail(Kind kind, Duration time, Random random) throws InterruptedException {
    int index = random.nextInt(taskManagers.length);
    Child victim = taskManagers[index];
    switch (kind) {
      case KILL -> {
        victim.kill();
        taskManagers[index] = startTaskManager();
      }
      case PAUSE -> {
        victim.pause();
        Thread.sleep(time.toMillis());
        victim.resume();
      }
      case SLOW -> {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - end < 0) {
          victim.pause();
          Thread.sleep(100);
          victim.resume();
          Thread.sleep(100);
        }
      }
    }
  }

  @Override
  public void close() {
    for (Child taskManager : taskManagers) {
      if (taskManager != null) {
        taskManager.kill();
      }
    }
    jobManager.kill();
    ports.close();
  }
}
