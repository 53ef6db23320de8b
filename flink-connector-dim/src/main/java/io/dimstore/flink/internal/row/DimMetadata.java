// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.row;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** The metadata columns of a dimension table. */
public enum DimMetadata {
  /** The version of the row; writable. */
  VERSION(DataTypes.BIGINT()),
  /** The time from which the row counts as absent, or null if it never expires; writable. */
  EXPIRY(DataTypes.TIMESTAMP_LTZ(3));

  private final DataType type;

  DimMetadata(DataType type) {
    this.type = type;
  }

  public DataType type() {
    return type;
  }

  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Map<String, DataType> all() {
    Map<String, DataType> all = new LinkedHashMap<>();
    for (DimMetadata metadata : values()) {
      all.put(metadata.key(), metadata.type);
    }
    return all;
  }

  public static List<DimMetadata> of(List<String> keys) {
    return keys.stream()
        .map(
            key ->
                Arrays.stream(values()).filter(m -> m.key().equals(key)).findFirst().orElseThrow())
        .toList();
  }
}
