// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.memory.MemoryStoreFactory;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStoreFactory;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption;
import io.dimstore.tck.faults.CallFault;
import io.dimstore.tck.faults.FaultyStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Opens the store {@code downable-memory}: the memory store, which a test can take down. */
public final class DownableMemoryFactory implements DimensionStoreFactory {

  private static final DimensionStoreFactory MEMORY = new MemoryStoreFactory();
  private static final StoreOption<String> INSTANCE =
      StoreOption.text("instance", "default", "The instance.");
  private static final Map<String, Queue<FaultyStore>> OPEN = new ConcurrentHashMap<>();
  private static final Set<String> DOWN = ConcurrentHashMap.newKeySet();

  /** Makes all calls of an instance fail, in stores that are open and in later ones. */
  static void takeDown(String instance) {
    DOWN.add(instance);
    OPEN.getOrDefault(instance, new ConcurrentLinkedQueue<>()).forEach(DownableMemoryFactory::fail);
  }

  static void bringBack(String instance) {
    DOWN.remove(instance);
    OPEN.getOrDefault(instance, new ConcurrentLinkedQueue<>()).forEach(FaultyStore::heal);
  }

  private static void fail(FaultyStore store) {
    for (FaultyStore.Call call : FaultyStore.Call.values()) {
      store.inject(call, new CallFault.Fail(Kind.UNAVAILABLE), 1);
    }
  }

  @Override
  public String id() {
    return "downable-memory";
  }

  @Override
  public Set<StoreOption<?>> options() {
    return MEMORY.options();
  }

  @Override
  public DimensionStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    String instance = config.find(INSTANCE);
    FaultyStore store = new FaultyStore(MEMORY.open(config, metrics, clock), 1);
    OPEN.computeIfAbsent(instance, name -> new ConcurrentLinkedQueue<>()).add(store);
    if (DOWN.contains(instance)) {
      fail(store);
    }
    return store;
  }
}
