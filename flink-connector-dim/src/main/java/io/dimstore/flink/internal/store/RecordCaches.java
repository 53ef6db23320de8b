// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.runtime.ObjectMethods;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches of the JDK behind the methods of records. They have one entry each: the class for
 * which such a method was generated last. Until JDK 19 the entry is a strong reference, which keeps
 * the class loader of a job that has ended.
 */
final class RecordCaches {

  private static final Logger LOG = LoggerFactory.getLogger(RecordCaches.class);

  private RecordCaches() {}

  /** Replaces the entries by a class of the JDK. */
  static void clear() {
    MethodHandle component = MethodHandles.identity(String.class);
    try {
      for (String method : new String[] {"equals", "hashCode", "toString"}) {
        Object unused =
            ObjectMethods.bootstrap(
                MethodHandles.publicLookup(),
                method,
                MethodHandle.class,
                String.class,
                "value",
                component);
      }
    } catch (Throwable e) {
      LOG.debug("The caches of the methods of records are not cleared", e);
    }
  }
}
