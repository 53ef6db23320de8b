// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Opens stores of one kind. Found with {@link java.util.ServiceLoader}; see {@link
 * DimensionStores}. Implementations are stateless and thread-safe and do no I/O before {@link
 * #open}.
 */
public interface DimensionStoreFactory {

  /** Returns the name by which users choose the store, for instance {@code dynamodb}. */
  String id();

  /** Returns all options of the store and its tables; any other option is refused. */
  Set<StoreOption<?>> options();

  /**
   * Returns the counts, gauges and notes that the store reports to its {@link StoreMetrics}. Users
   * see its counts from the moment at which it opens, with 0. The default is none.
   */
  default List<StoreMetric> metrics() {
    return List.of();
  }

  /**
   * Opens a store. It may connect to its servers here or at first use. It does not fail if a server
   * cannot be reached.
   *
   * @param config the options of store scope
   * @param metrics receives every request
   * @param clock the clock by which rows and tombstones end
   * @throws StoreException INVALID for options that do not fit together
   */
  DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock);

  /**
   * Ends what the stores of this factory share and what outlives them, such as the threads of a
   * client library, so that the class loader of the factory can be collected. The caller has closed
   * all stores, and opens no other one with this class loader. Repeated calls change nothing. The
   * default does nothing.
   */
  default void unload() {}
}
