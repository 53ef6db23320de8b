// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.jspecify.annotations.Nullable;

/**
 * Unloads the stores of a job when Flink releases the class loader of the job, which is after the
 * last task of the job on a TaskManager has ended, and on the JobManager after the job has ended.
 *
 * <p>The stores are those that the thread's context class loader finds. Stores on the class path of
 * the Flink process are left out: other jobs use them.
 */
public final class StoreUnloading {

  private static final String NAME = "dimstore-unload-stores";

  private static final long POLL_MILLIS = 500;

  /** The class loaders that a thread watches. */
  private static final Set<ClassLoader> WATCHED = ConcurrentHashMap.newKeySet();

  private StoreUnloading() {}

  /**
   * Registers the hook that unloads the stores.
   *
   * @param hooks registers a hook under a name, unless there is a hook of this name
   */
  public static void register(BiConsumer<String, Runnable> hooks) {
    ClassLoader context = context();
    List<DimensionStoreFactory> ofJob = ofJob(context);
    hooks.accept(NAME, () -> unload(ofJob, context));
  }

  /**
   * Unloads the stores once the class loader is closed. This is for the JobManager, where Flink
   * offers no hook: a thread waits until the class loader no longer finds the stores. Repeated
   * calls change nothing.
   */
  public static void registerOnJobManager() {
    ClassLoader context = context();
    List<DimensionStoreFactory> ofJob = ofJob(context);
    if (ofJob.isEmpty() || !WATCHED.add(context)) {
      return;
    }
    RecordCaches.clear(); // A closed class loader could not load this class.
    String found = ofJob.get(0).getClass().getName().replace('.', '/') + ".class";
    Thread watch =
        new Thread(
            () -> {
              try {
                while (isOpen(context, found)) {
                  Thread.sleep(POLL_MILLIS);
                }
                unload(ofJob, context);
              } catch (InterruptedException e) {
                // The process ends.
              } finally {
                WATCHED.remove(context);
              }
            },
            NAME);
    watch.setDaemon(true);
    watch.start();
  }

  private static ClassLoader context() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? StoreUnloading.class.getClassLoader() : context;
  }

  private static List<DimensionStoreFactory> ofJob(ClassLoader context) {
    return DimensionStores.factories(context).values().stream()
        .filter(factory -> isOfJob(factory.getClass().getClassLoader()))
        .toList();
  }

  private static boolean isOfJob(@Nullable ClassLoader loader) {
    ClassLoader ofProcess = RuntimeContext.class.getClassLoader();
    while (ofProcess != null && ofProcess != loader) {
      ofProcess = ofProcess.getParent();
    }
    return loader != null && ofProcess == null;
  }

  /** Returns whether the class loader finds one of its own resources. */
  private static boolean isOpen(ClassLoader loader, String resource) {
    try {
      return loader.getResource(resource) != null;
    } catch (IllegalStateException e) {
      return false; // Flink's check for leaked class loaders.
    }
  }

  private static void unload(List<DimensionStoreFactory> ofJob, ClassLoader context) {
    ofJob.forEach(StoreUnloading::unload);
    RecordCaches.clear();
    if (!ofJob.isEmpty()) {
      Thread.getAllStackTraces().keySet().forEach(thread -> release(thread, context));
    }
  }

  /**
   * Takes the class loader from a thread that serves all jobs and has the context class loader of
   * the first task that needed it: Flink's client between TaskManagers, and the JDK's thread that
   * waits for the end of programs, which Hadoop's classes run.
   */
  private static void release(Thread thread, ClassLoader context) {
    String name = thread.getName();
    if ((name.startsWith("process reaper") || name.startsWith("Flink Netty Client"))
        && thread.getContextClassLoader() == context) {
      thread.setContextClassLoader(RuntimeContext.class.getClassLoader());
    }
  }

  private static void unload(DimensionStoreFactory factory) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(factory.getClass().getClassLoader());
    try {
      factory.unload();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
