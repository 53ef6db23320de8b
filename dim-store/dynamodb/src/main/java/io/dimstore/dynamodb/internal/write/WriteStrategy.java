// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.write;

import io.dimstore.dynamodb.internal.encoding.ItemWrite;
import io.dimstore.spi.support.Deadline;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes items to a table. Writes of a key in this process are sent one after the other, in the
 * order of their arrival. All strategies but {@link UnguardedBatches} keep R3: an item replaces the
 * stored one if its version is not lower, and a superseded write succeeds. Thread-safe.
 */
public interface WriteStrategy {

  /**
   * Writes the items. The future completes when every write has ended; it then fails if one of them
   * failed.
   */
  CompletableFuture<@Nullable Void> apply(List<ItemWrite> writes, Deadline deadline);
}
