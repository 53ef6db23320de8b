// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.Sizing;
import io.dimstore.spi.Sizing.Size;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replays the changes of a dimension. It adds up the write units of each change and keeps the state
 * that the table has after all changes. Every key and the size of its item are held in memory.
 */
final class ChangeTopic {

  private final TableSpec spec;
  private final Sizing sizing;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<Key, Held> table = new HashMap<>();
  private double writeUnits;
  private long writes;
  private long refused;
  private long first = Long.MAX_VALUE;
  private long last = Long.MIN_VALUE;

  private record Held(long version, boolean isRow, Size size) {}

  ChangeTopic(TableSpec spec, Sizing sizing) {
    this.spec = spec;
    this.sizing = sizing;
  }

  /**
   * Adds a record.
   *
   * @param value the record's value; a record that cannot be read or stored is counted as refused
   * @param time when the record was written, in epoch milliseconds
   */
  void add(byte @Nullable [] value, long time) {
    Change change;
    Size size;
    try {
      change = parse(value);
      size = sizing.sizeOf(change);
    } catch (IOException | StoreException | IllegalArgumentException e) {
      refused++;
      return;
    }
    first = Math.min(first, time);
    last = Math.max(last, time);
    writes++;
    Held held = table.get(change.key());
    // DynamoDB bills the larger of the existing and the new item, even for a superseded write.
    writeUnits +=
        held == null ? size.writeUnits() : Math.max(size.writeUnits(), held.size.writeUnits());
    if (held == null || change.version() >= held.version) {
      table.put(change.key(), new Held(change.version(), change instanceof Put, size));
    }
  }

  long records() {
    return writes + refused;
  }

  Observed observed(String source, boolean whole) {
    Sizes bytes = new Sizes();
    double readUnits = 0;
    long items = 0;
    for (Held held : table.values()) {
      bytes.add(held.size.bytes());
      if (held.isRow) {
        items++;
        readUnits += held.size.readUnits();
      }
    }
    double seconds = (last - first) / 1000.0;
    return new Observed(
        source,
        items,
        table.size() - items,
        whole,
        bytes,
        readUnits,
        writeUnits,
        writes,
        seconds > 0 ? writes / seconds : 0.0,
        refused);
  }

  private Change parse(byte @Nullable [] value) throws IOException {
    JsonNode record = value == null ? null : json.readTree(value);
    if (record == null || !record.isObject() || !record.path("version").isIntegralNumber()) {
      throw new IllegalArgumentException("no change");
    }
    long version = record.path("version").longValue();
    Object[] key = values(spec.key(), record);
    for (Object part : key) {
      if (part == null) {
        throw new IllegalArgumentException("no key");
      }
    }
    return switch (record.path("op").asText()) {
      case "upsert" -> new Put(Key.of(key), Row.of(values(spec.values(), record)), version);
      case "delete" -> new Delete(Key.of(key), version);
      default -> throw new IllegalArgumentException("no op");
    };
  }

  private static @Nullable Object[] values(List<Column> columns, JsonNode record)
      throws JsonProcessingException {
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Columns.value(columns.get(i), record.path(columns.get(i).name()));
    }
    return values;
  }
}
