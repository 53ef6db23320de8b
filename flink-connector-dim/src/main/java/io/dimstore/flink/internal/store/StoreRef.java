// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.store;

import java.io.Serializable;
import java.util.Map;

/**
 * The serializable reference to a store that is to be opened.
 *
 * @param id the store's name
 * @param options its options of store scope, checked, without the prefix
 */
public record StoreRef(String id, Map<String, String> options) implements Serializable {

  public StoreRef {
    options = Map.copyOf(options);
  }

  /** Omits the options, because some are secret and only the store knows which. */
  @Override
  public String toString() {
    return "store '" + id + "'";
  }
}
