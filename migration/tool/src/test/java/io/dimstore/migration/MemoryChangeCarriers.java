// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.mirror.control.ChangeCarriers;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What carries the changes of instances of the store {@code memory}: nothing, unless a test says
 * so.
 */
public final class MemoryChangeCarriers implements ChangeCarriers {

  private static final Coverage NOTHING = new Coverage(List.of(), List.of(), List.of(), 0, 0);
  private static final Map<String, Coverage> COVERED = new ConcurrentHashMap<>();

  /** Sets what carries the changes of an instance. */
  static void cover(String instance, Coverage coverage) {
    COVERED.put(instance, coverage);
  }

  /** Lets nothing carry the changes of an instance any more. */
  static void uncover(String instance) {
    COVERED.remove(instance);
  }

  @Override
  public String store() {
    return "memory";
  }

  @Override
  public Coverage coverage(Map<String, String> storeOptions, TableSpec table) {
    return COVERED.getOrDefault(storeOptions.getOrDefault("instance", ""), NOTHING);
  }
}
