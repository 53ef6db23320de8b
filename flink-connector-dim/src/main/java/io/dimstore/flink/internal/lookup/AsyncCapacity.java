// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import io.dimstore.flink.DimOptions;
import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.jspecify.annotations.Nullable;

/**
 * The number of lookups that Flink lets each subtask have in flight. It limits the batches of a
 * subtask: a lookup that Flink has not begun cannot be in a batch.
 *
 * @param lookups the number that the configuration of the session has; a LOOKUP hint of the query
 *     may set another one, which is not known here
 */
public record AsyncCapacity(int lookups) implements Serializable {

  private static final String OPTION =
      ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_BUFFER_CAPACITY.key();

  /** Reads the number from the configuration of the session that plans a query. */
  public static AsyncCapacity of(ReadableConfig session) {
    return new AsyncCapacity(
        session.get(ExecutionConfigOptions.TABLE_EXEC_ASYNC_LOOKUP_BUFFER_CAPACITY));
  }

  /**
   * Returns a warning if a subtask cannot fill a batch, or null if it can.
   *
   * @param table the table, for the message
   * @param maxInFlight how many reads may be in flight before keys wait for each other
   */
  @Nullable String warning(String table, int batchSize, int maxInFlight) {
    if (lookups >= batchSize) {
      return null;
    }
    return "Lookups in "
        + table
        + ": '"
        + DimOptions.LOOKUP_BATCH_SIZE.key()
        + "' is "
        + batchSize
        + ", but Flink lets each subtask have only "
        + lookups
        + " lookups in flight ('"
        + OPTION
        + "'), so that a subtask never fills a batch. Remedy: SET '"
        + OPTION
        + "' = '"
        + (maxInFlight + 1L) * batchSize
        + "', so that a batch fills while others are read. This does not apply if the LOOKUP hint"
        + " of the query sets 'capacity'.";
  }
}
