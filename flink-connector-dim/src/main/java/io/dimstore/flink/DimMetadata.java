package io.dimstore.flink;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.types.DataType;

/** The metadata columns of a dimension table. */
enum DimMetadata {
  /** The version of the row; writable. */
  VERSION(DataTypes.BIGINT()),
  /** The time from which on the row is absent, or null; writable. */
  EXPIRY(DataTypes.TIMESTAMP_LTZ(3));

  private final DataType type;

  DimMetadata(DataType type) {
    this.type = type;
  }

  DataType type() {
    return type;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Map<String, DataType> all() {
    Map<String, DataType> all = new LinkedHashMap<>();
    for (DimMetadata metadata : values()) {
      all.put(metadata.key(), metadata.type);
    }
    return all;
  }

  static List<DimMetadata> of(List<String> keys) {
    return keys.stream()
        .map(
            key ->
                Arrays.stream(values()).filter(m -> m.key().equals(key)).findFirst().orElseThrow())
        .toList();
  }
}
