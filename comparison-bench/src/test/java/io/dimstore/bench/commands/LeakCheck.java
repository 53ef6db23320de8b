// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.LocalStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that the processes of a Flink cluster hold nothing for jobs that have ended: no class
 * loader, no connection to the servers of the stack, and no thread that a process without jobs does
 * not have.
 */
final class LeakCheck {

  /**
   * Threads that a process starts when it needs them first and then keeps for all jobs. Each entry
   * is a pool or a thread of the process itself, which no class of a job starts:
   *
   * <ul>
   *   <li>the actor system, its metrics and its network threads;
   *   <li>the network stack between TaskManagers, and its reads of files;
   *   <li>the REST interface, and pools of the JobManager for I/O, futures and delays;
   *   <li>{@code pool-3-thread-1}, the timer of the table of task slots ({@code
   *       DefaultTimerService}): it has no name of its own, and a pool of a job has another number;
   *   <li>threads of the JVM: the compiler, the attach listener behind this check, and the one that
   *       waits for programs to end.
   * </ul>
   */
  private static final Pattern OF_THE_PROCESS =
      Pattern.compile(
          "flink-\\d+|flink-metrics-\\d+|flink(-metrics)?-pekko\\..*-dispatcher-\\d+"
              + "|flink-taskexecutor-io-thread-\\d+|blocking-shuffle-io-thread-\\d+"
              + "|Flink Netty (Client|Server) \\(0\\) Thread \\d+"
              + "|Flink-DispatcherRestEndpoint-thread-\\d+|flink-rest-server-netty-worker-thread-\\d+"
              + "|jobmanager-(io|future)-thread-\\d+|cluster-io-thread-\\d+"
              + "|FlinkCompletableFutureDelayScheduler-thread-1"
              + "|RpcService-Supervisor-Termination-Future-Executor-thread-1"
              + "|pool-3-thread-1|process reaper.*|Attach Listener|C[12] CompilerThread\\d+");

  /** How the threads of a store's client begin. */
  private static final Map<String, String> CLIENT_THREADS =
      Map.of("dynamodb", "dimstore-dynamodb-io-", "hbase-redis", "RPCClient-NioEventLoopGroup-");

  private static final long PATIENCE_SECONDS = 20;

  private final LocalStack stack;
  private final Map<String, ProcessHandle> servers;
  private final List<String> jobManagerThreads;
  private final List<String> taskManagerThreads;

  /** Notes the threads of the processes, which have run no job yet. */
  LeakCheck(LocalStack stack) throws Exception {
    this.stack = stack;
    this.servers =
        Stream.of("kafka", "dynamodb", "hbase", "redis")
            .collect(Collectors.toMap(Function.identity(), stack::process));
    this.jobManagerThreads = JobRemains.of(jobManager(), servers).threads();
    this.taskManagerThreads = JobRemains.of(taskManager(), servers).threads();
  }

  /**
   * Waits until the processes hold nothing for jobs. That takes as long as threads take to end.
   *
   * @throws AssertionError naming what is left and a heap dump
   */
  void awaitNothing(String after) throws Exception {
    awaitNothing(after, "JobManager", jobManager(), jobManagerThreads);
    awaitNothing(after, "TaskManager", taskManager(), taskManagerThreads);
  }

  /**
   * Asserts that the check finds a job that runs: its class loaders, its threads, and its
   * connections to Kafka and the servers of its store. Otherwise it could not find what is left.
   */
  void requireJob(String store) throws Exception {
    JobRemains manager = remains(jobManager(), jobManagerThreads);
    assertThat(manager.classLoaders()).hasSize(2);
    assertThat(manager.threads()).anyMatch(name -> name.startsWith("SourceCoordinator-"));
    assertThat(manager.connections()).contains("kafka");
    JobRemains task = remains(taskManager(), taskManagerThreads);
    assertThat(task.classLoaders()).hasSize(2);
    assertThat(task.threads())
        .anyMatch(name -> name.startsWith("Source: "))
        .anyMatch(name -> name.startsWith("dim-" + store))
        .anyMatch(name -> name.startsWith(CLIENT_THREADS.get(store)));
    assertThat(task.connections()).contains("kafka").containsAnyOf(store.split("-"));
  }

  private void awaitNothing(
      String after, String role, ProcessHandle process, List<String> threadsBefore)
      throws Exception {
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    JobRemains left = remains(process, threadsBefore);
    while (!left.isNothing()) {
      if (System.nanoTime() > limit) {
        Path dump = JobRemains.dump(process, Path.of("target"));
        throw new AssertionError(
            "After " + after + " the " + role + " still has " + left + "; see " + dump);
      }
      LockSupport.parkNanos(200_000_000);
      left = remains(process, threadsBefore);
    }
  }

  private JobRemains remains(ProcessHandle process, List<String> threadsBefore) throws Exception {
    JobRemains found = JobRemains.of(process, servers);
    List<String> more = new ArrayList<>(found.threads());
    threadsBefore.forEach(more::remove);
    more.removeIf(OF_THE_PROCESS.asMatchPredicate());
    return new JobRemains(found.classLoaders(), more, found.connections());
  }

  private ProcessHandle jobManager() {
    return stack.process("flink");
  }

  private ProcessHandle taskManager() throws Exception {
    FeatureCluster.await("the TaskManager runs", () -> !stack.flink().taskManagers().isEmpty());
    return stack.flink().taskManagers().values().iterator().next();
  }
}
