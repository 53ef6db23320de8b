// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Tells what carries the changes of writers that do not use dimstore from one kind of store to
 * another, and how far behind it is. Implementations are found by {@link ServiceLoader} and have a
 * public constructor without parameters.
 */
public interface ChangeCarriers {

  /** Returns the id of the store whose changes are carried, such as {@code hbase-redis}. */
  String store();

  /**
   * Returns what carries the changes of a table now. Blocks for some seconds at most.
   *
   * @param storeOptions the options of the store
   * @param table the table in the store
   * @throws StoreException if the store does not answer, or refuses the information
   */
  Coverage coverage(Map<String, String> storeOptions, TableSpec table) throws InterruptedException;

  /**
   * What carries the changes of a table.
   *
   * @param carriers the names of what carries changes to a store of dimstore
   * @param uncovered which changes none of them carries, as sentences; empty if all are carried
   * @param others what carries changes to elsewhere, for people
   * @param lagMillis the age of the oldest change that is not carried yet, in milliseconds; 0 if
   *     all are
   * @param waiting the number of logs that wait to be carried
   */
  record Coverage(
      List<String> carriers,
      List<String> uncovered,
      List<String> others,
      long lagMillis,
      long waiting) {

    /** Copies the lists. */
    public Coverage {
      carriers = List.copyOf(carriers);
      uncovered = List.copyOf(uncovered);
      others = List.copyOf(others);
    }
  }

  /** Finds the implementation for a store; empty if nothing carries the changes of such a store. */
  static Optional<ChangeCarriers> of(String store) {
    return ServiceLoader.load(ChangeCarriers.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(carriers -> carriers.store().equals(store))
        .findFirst();
  }
}
