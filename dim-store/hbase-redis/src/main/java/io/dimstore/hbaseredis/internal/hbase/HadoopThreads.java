// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.lang.reflect.Field;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that Hadoop's classes start or register when they are loaded. HBase's client loads
 * them for its filters. Only those of this class's loader count, because others use the rest.
 */
final class HadoopThreads {

  private static final Logger LOG = LoggerFactory.getLogger(HadoopThreads.class);

  /** The static field with the thread of file system statistics. */
  static final String CLEANER = "STATS_DATA_CLEANER";

  private HadoopThreads() {}

  /** Loads this class, because a closed class loader could not. */
  static void load() {}

  /**
   * Ends the thread of file system statistics, and removes the one that would run when the process
   * ends. The latter needs access to the JDK's list of such threads.
   */
  static void end() {
    endCleaner();
    try {
      removeShutdownHooks();
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.warn(
          "A shutdown hook of Hadoop keeps the classes of this store in memory. Remedy: start Java"
              + " with --add-opens java.base/java.lang=ALL-UNNAMED: {}",
          e.toString());
    }
  }

  private static void endCleaner() {
    // The class is looked at only if such a thread runs: the first look would start it.
    boolean runs =
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().endsWith("$StatisticsDataReferenceCleaner"));
    if (runs && HBaseThreads.value(CLEANER) instanceof Thread cleaner) {
      cleaner.interrupt();
    }
  }

  private static void removeShutdownHooks() throws ReflectiveOperationException {
    Class<?> list = Class.forName("java.lang.ApplicationShutdownHooks");
    Field field = list.getDeclaredField("hooks");
    field.setAccessible(true);
    Object[] hooks;
    synchronized (list) { // The lock of the list itself.
      hooks = field.get(null) instanceof Map<?, ?> all ? all.keySet().toArray() : new Object[0];
    }
    for (Object hook : hooks) {
      if (hook instanceof Thread thread && isOurs(thread)) {
        Runtime.getRuntime().removeShutdownHook(thread);
      }
    }
  }

  private static boolean isOurs(Thread thread) {
    return thread.getClass().getName().startsWith("org.apache.hadoop.")
        && thread.getClass().getClassLoader() == HadoopThreads.class.getClassLoader();
  }
}
