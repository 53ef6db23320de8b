// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.control;

import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.Repair;
import java.util.concurrent.CompletionStage;

/**
 * The writes of a mirrored table that the primary has applied and the other side may lack. Found by
 * {@code DimensionTable.capability}. Both directions count, whatever the mode is. Thread-safe;
 * several processes may reconcile at once.
 */
public interface Intents {

  /**
   * Counts the keys of pending writes. A key in several writes counts once for each.
   *
   * @param maxKeys the number of keys at which to stop counting, at least 1
   */
  CompletionStage<Backlog> backlog(int maxKeys);

  /**
   * Copies the current rows and tombstones of pending writes to the side that may lack them.
   *
   * @param maxKeys the most keys to examine in this call, at least 1; one write is always examined
   * @return keys examined, keys copied, and whether there may be more intents than were examined.
   *     An intent that was examined may be left: {@link #backlog} counts it
   */
  CompletionStage<Repair> reconcile(int maxKeys);
}
