package io.dimstore.memory;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The named instances of this JVM, each with its tables. Thread-safe. */
public final class MemoryStores {

  private static final ConcurrentMap<String, ConcurrentMap<String, TableData>> INSTANCES =
      new ConcurrentHashMap<>();

  private MemoryStores() {}

  /**
   * Forgets all tables of an instance. Stores that are open on it find no table from now on, until
   * they create it again.
   */
  public static void clear(String instance) {
    tables(instance).clear();
  }

  static ConcurrentMap<String, TableData> tables(String instance) {
    return INSTANCES.computeIfAbsent(instance, name -> new ConcurrentHashMap<>());
  }
}
