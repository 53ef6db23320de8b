// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import io.dimstore.flink.DimOptions;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.RowUpdates;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.flink.table.api.ValidationException;

/** Writes changes that have only some columns of a row. Thread-safe. */
final class PartialUpdates implements DimSinkWriter.Writes {

  private final RowUpdates rows;
  private final PartialColumns columns;

  /**
   * Creates the writes to a table.
   *
   * @param described the table, for the message
   * @throws ValidationException if the store cannot update parts of rows
   */
  PartialUpdates(DimensionTable table, PartialColumns columns, String described) {
    this.rows =
        table
            .capability(RowUpdates.class)
            .orElseThrow(
                () ->
                    new ValidationException(
                        "Option '"
                            + DimOptions.SINK_PARTIAL_UPDATE.key()
                            + "' is true, but the store cannot update parts of the rows of "
                            + described
                            + ". Remedy: remove the option and write whole rows, or use a store"
                            + " that can."));
    this.columns = columns;
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    Map<Key, Change> byKey = new HashMap<>();
    changes.forEach(change -> byKey.put(change.key(), change));
    return rows.update(
        List.copyOf(byKey.keySet()),
        (key, stored) -> {
          Change change = byKey.get(key);
          return change == null ? null : columns.merge(change, stored);
        });
  }
}
