package io.dimstore.flink;

import java.io.Serializable;
import java.util.List;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * What a source produces: some physical columns, then some metadata columns.
 *
 * @param physical positions of physical columns in the table
 * @param metadata the metadata columns
 */
record ProducedColumns(List<Integer> physical, List<DimMetadata> metadata) implements Serializable {

  ProducedColumns {
    physical = List.copyOf(physical);
    metadata = List.copyOf(metadata);
  }

  /** How many columns there are. */
  int size() {
    return physical.size() + metadata.size();
  }

  /** The type of a produced column. */
  LogicalType type(TableLayout layout, int produced) {
    return produced < physical.size()
        ? layout.types().get(physical.get(produced))
        : metadata.get(produced - physical.size()).type().getLogicalType();
  }

  /** The name of a produced column. */
  String name(TableLayout layout, int produced) {
    return produced < physical.size()
        ? layout.names().get(physical.get(produced))
        : metadata.get(produced - physical.size()).key();
  }
}
