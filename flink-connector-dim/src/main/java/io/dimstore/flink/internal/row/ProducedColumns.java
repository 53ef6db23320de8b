// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * The columns that a source produces: some physical columns, followed by some metadata columns.
 *
 * @param physical positions of physical columns in the table
 * @param metadata the metadata columns
 */
public record ProducedColumns(List<Integer> physical, List<DimMetadata> metadata)
    implements Serializable {

  public ProducedColumns {
    physical = List.copyOf(physical);
    metadata = List.copyOf(metadata);
  }

  /** Returns the number of columns. */
  int size() {
    return physical.size() + metadata.size();
  }

  /** Returns the type of a produced column. */
  public LogicalType type(TableLayout layout, int produced) {
    return produced < physical.size()
        ? layout.types().get(physical.get(produced))
        : metadata.get(produced - physical.size()).type().getLogicalType();
  }

  /** Returns the name of a produced column. */
  public String name(TableLayout layout, int produced) {
    return produced < physical.size()
        ? layout.names().get(physical.get(produced))
        : metadata.get(produced - physical.size()).key();
  }
}
