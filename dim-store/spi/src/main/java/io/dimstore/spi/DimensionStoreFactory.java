package io.dimstore.spi;

import java.time.InstantSource;
import java.util.Set;

/**
 * Opens stores of one kind. Found with {@link java.util.ServiceLoader}; see {@link
 * DimensionStores}. Implementations are stateless and thread-safe and do no I/O before {@link
 * #open}.
 */
public interface DimensionStoreFactory {

  /** The name under which a store is chosen, for instance {@code dynamodb}. */
  String id();

  /** The closed set of options that the store and its tables understand. */
  Set<StoreOption<?>> options();

  /**
   * Opens a store. Connections may be made here or at first use; a server that is away is no reason
   * to fail here.
   *
   * @param config the options of store scope
   * @param metrics is told of every request
   * @param clock the time by which rows and tombstones end
   * @throws StoreException INVALID for options that do not fit together
   */
  DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock);
}
