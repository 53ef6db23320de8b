// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.cache;

/** Counts how the lookups of one subtask were answered. Thread-safe; does not wait. */
public interface CacheMeter {

  /**
   * Counts a lookup that an entry answered.
   *
   * @param absent whether the answer was that there is no row
   * @param ageNanos how old the entry was
   */
  void hit(boolean absent, long ageNanos);

  /** Counts a lookup that no entry could answer. */
  void miss();
}
