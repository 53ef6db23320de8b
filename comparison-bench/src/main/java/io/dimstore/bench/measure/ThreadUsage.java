// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads the CPU time of this process by groups of threads, and the bytes that its threads have
 * allocated. A thread belongs to a group by its name. Linux reports the JVM's own threads; other
 * systems do not, and there the CPU time of compilers and of garbage collection is in {@link
 * #OTHER}.
 *
 * <p>All figures are sums since the process started. What a thread did between the last reading and
 * its end is in {@link #OTHER}, and its allocations of that time are lost. Thread-safe.
 */
public final class ThreadUsage {

  /** Threads that compile bytecode. */
  public static final String JIT = "jit";

  /** Threads that collect garbage, and the JVM thread that stops the others for it. */
  public static final String GC = "gc";

  /** Threads of Kafka's clients: senders, and fetchers of a source. */
  public static final String KAFKA = "kafka";

  /** Threads of the stores' clients and of the connector that calls them. */
  public static final String STORE = "store";

  /** All other Java threads: the tasks of the job and the runtime around them. */
  public static final String JOB = "job";

  /** CPU time of the process that no living thread accounts for. */
  public static final String OTHER = "other";

  private static final Path TASKS = Path.of("/proc/self/task");

  private static final Pattern OF_KAFKA =
      Pattern.compile("kafka-.*|Source Data Fetcher .*|KafkaConsumer.*");

  private static final Pattern OF_STORE =
      Pattern.compile(
          "dim-.*|dimstore-.*|RPCClient-.*|AsyncRegistry.*|.*ReadOnlyZKClient.*"
              + "|sdk-.*|aws-.*|Async-Client-.*|H2 .*|MVStore .*");

  private static final Pattern OF_JIT = Pattern.compile("C[12] Compiler.*|Sweeper thread.*");

  private static final Pattern OF_GC =
      Pattern.compile("GC Thread.*|G1 .*|VM Thread.*|VM Periodic.*");

  private final com.sun.management.ThreadMXBean threads =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final com.sun.management.OperatingSystemMXBean process =
      (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Map<Long, Reading> javaThreads = new HashMap<>();
  private final Map<Long, Long> jvmThreads = new HashMap<>();
  private final Map<String, Long> cpu = new TreeMap<>();
  private long allocated;

  private record Reading(long cpuNanos, long allocatedBytes) {}

  /**
   * The usage since the process started.
   *
   * @param cpuNanos user and system CPU time by group, in nanoseconds
   * @param allocatedBytes bytes that Java threads have allocated on the heap
   */
  public record Usage(Map<String, Long> cpuNanos, long allocatedBytes) {}

  /** Creates the reader. The first reading includes what all living threads did before. */
  public ThreadUsage() {}

  /** Reads the usage so far. */
  public synchronized Usage read() {
    readJavaThreads();
    readJvmThreads();
    Map<String, Long> groups = new TreeMap<>(cpu);
    long known = cpu.values().stream().mapToLong(Long::longValue).sum();
    groups.put(OTHER, Math.max(0, process.getProcessCpuTime() - known));
    return new Usage(groups, allocated);
  }

  /** Returns the group of a Java thread. */
  public static String groupOf(String name) {
    if (OF_KAFKA.matcher(name).matches()) {
      return KAFKA;
    }
    return OF_STORE.matcher(name).matches() ? STORE : JOB;
  }

  private void readJavaThreads() {
    Map<Long, String> names = names();
    long[] ids = names.keySet().stream().mapToLong(Long::longValue).toArray();
    long[] cpuNanos = threads.getThreadCpuTime(ids);
    long[] bytes = threads.getThreadAllocatedBytes(ids);
    for (int i = 0; i < ids.length; i++) {
      Reading last = javaThreads.getOrDefault(ids[i], new Reading(0, 0));
      // A thread that has ended reports -1.
      Reading now =
          new Reading(
              Math.max(last.cpuNanos, cpuNanos[i]), Math.max(last.allocatedBytes, bytes[i]));
      javaThreads.put(ids[i], now);
      add(groupOf(names.getOrDefault(ids[i], "")), now.cpuNanos - last.cpuNanos);
      allocated += now.allocatedBytes - last.allocatedBytes;
    }
    javaThreads.keySet().retainAll(names.keySet());
  }

  /** Returns the names of all living threads by id, without the cost of their stacks. */
  private static Map<Long, String> names() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    for (ThreadGroup parent = root.getParent(); parent != null; parent = root.getParent()) {
      root = parent;
    }
    Thread[] found = new Thread[root.activeCount() + 64];
    int count = root.enumerate(found);
    while (count == found.length) {
      found = new Thread[found.length * 2];
      count = root.enumerate(found);
    }
    Map<Long, String> names = new HashMap<>();
    for (int i = 0; i < count; i++) {
      names.put(found[i].getId(), found[i].getName());
    }
    return names;
  }

  private void readJvmThreads() {
    if (!Files.isDirectory(TASKS)) {
      return;
    }
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        readJvmThread(task);
      }
    } catch (IOException e) {
      // The system does not report its threads.
    }
  }

  private void readJvmThread(Path task) {
    try {
      String name = Files.readString(task.resolve("comm")).strip();
      String group = OF_JIT.matcher(name).matches() ? JIT : GC;
      if (group.equals(GC) && !OF_GC.matcher(name).matches()) {
        return; // A Java thread, which was read above.
      }
      String nanos = Files.readString(task.resolve("schedstat")).split(" ", 2)[0];
      long now = Long.parseLong(nanos);
      Long last = jvmThreads.put(Long.parseLong(task.getFileName().toString()), now);
      add(group, now - (last == null ? 0 : last));
    } catch (IOException | NumberFormatException e) {
      // The thread has ended, or the system does not report its CPU time.
    }
  }

  private void add(String group, long nanos) {
    cpu.merge(group, nanos, Long::sum);
  }
}
