package io.dimstore.flink;

import java.io.Serializable;
import java.util.Map;

/**
 * Which store to open, in the form that travels to where it is opened.
 *
 * @param id the store's name
 * @param options its options of store scope, checked, without the prefix
 */
record StoreRef(String id, Map<String, String> options) implements Serializable {

  StoreRef {
    options = Map.copyOf(options);
  }

  /** Shows no option: some are secret, and only the store knows which. */
  @Override
  public String toString() {
    return "store '" + id + "'";
  }
}
