// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.support.Deadline;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads the rows of one table by key. Thread-safe. */
public interface RowReader {

  /**
   * Reads rows. Element i of the result is the row of {@code keys.get(i)}, or null if it is absent.
   */
  CompletableFuture<List<@Nullable Put>> get(List<Key> keys, Projection columns, Deadline deadline);
}
