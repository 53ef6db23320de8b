// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.DimensionStores;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.jspecify.annotations.Nullable;

/**
 * Unloads the stores of a job when Flink releases the class loader of the job, which is after the
 * last task of the job on a TaskManager has ended.
 */
public final class StoreUnloading {

  private static final String HOOK = "dimstore-unload-stores";

  private StoreUnloading() {}

  /**
   * Registers the hook that unloads the stores which the thread's context class loader finds.
   * Stores on the class path of the Flink process are left out: other jobs use them.
   *
   * @param hooks registers a hook under a name, unless there is a hook of this name
   */
  public static void register(BiConsumer<String, Runnable> hooks) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    List<DimensionStoreFactory> ofJob =
        DimensionStores.factories(context == null ? StoreUnloading.class.getClassLoader() : context)
            .values()
            .stream()
            .filter(factory -> isOfJob(factory.getClass().getClassLoader()))
            .toList();
    hooks.accept(
        HOOK,
        () -> {
          ofJob.forEach(StoreUnloading::unload);
          RecordCaches.clear();
        });
  }

  private static boolean isOfJob(@Nullable ClassLoader loader) {
    ClassLoader ofProcess = RuntimeContext.class.getClassLoader();
    while (ofProcess != null && ofProcess != loader) {
      ofProcess = ofProcess.getParent();
    }
    return loader != null && ofProcess == null;
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
