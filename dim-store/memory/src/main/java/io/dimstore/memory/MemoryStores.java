// SPDX-License-Identifier: Apache-2.0
package io.dimstore.memory;

import io.dimstore.spi.SharedRecord;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** Holds the named instances of this JVM, each with its tables and records. Thread-safe. */
public final class MemoryStores {

  private static final ConcurrentMap<String, ConcurrentMap<String, TableData>> INSTANCES =
      new ConcurrentHashMap<>();

  private static final ConcurrentMap<String, ConcurrentNavigableMap<String, SharedRecord>> RECORDS =
      new ConcurrentHashMap<>();

  private MemoryStores() {}

  /**
   * Removes all tables and shared records of an instance. Stores that are open on it find no tables
   * until they create them again.
   */
  public static void clear(String instance) {
    tables(instance).clear();
    records(instance).clear();
  }

  /** Drops the changes that a table of an instance has kept for its feed. The rows stay. */
  public static void forgetChanges(String instance, String table) {
    TableData data = tables(instance).get(table);
    ChangeLog log = data == null ? null : data.log();
    if (log != null) {
      log.forget();
    }
  }

  static ConcurrentMap<String, TableData> tables(String instance) {
    return INSTANCES.computeIfAbsent(instance, name -> new ConcurrentHashMap<>());
  }

  static ConcurrentNavigableMap<String, SharedRecord> records(String instance) {
    return RECORDS.computeIfAbsent(instance, name -> new ConcurrentSkipListMap<>());
  }
}
