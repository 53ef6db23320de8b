// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;

/** Writes the fields of rows of one type, nulls included, in the order of the type. */
final class FieldWriters implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Writes one field, which is not null. */
  private interface FieldWriter extends Serializable {
    void write(JsonGenerator json, RowData row) throws IOException;
  }

  private final SerializedString[] names;
  private final FieldWriter[] writers;

  /**
   * Creates the writers.
   *
   * @param path the path of the row, with a dot at its end, or empty: names fields in messages
   */
  FieldWriters(RowType type, String path) {
    List<RowType.RowField> fields = type.getFields();
    this.names = new SerializedString[fields.size()];
    this.writers = new FieldWriter[fields.size()];
    for (int i = 0; i < names.length; i++) {
      String name = fields.get(i).getName();
      names[i] = new SerializedString(name);
      writers[i] = writer(fields.get(i).getType(), i, path + name);
    }
  }

  /** Returns the writer of a field. The frequent types need no object for each value. */
  private static FieldWriter writer(LogicalType type, int field, String path) {
    return switch (type.getTypeRoot()) {
      case BOOLEAN -> (json, row) -> json.writeBoolean(row.getBoolean(field));
      case INTEGER -> (json, row) -> json.writeNumber(row.getInt(field));
      case BIGINT -> (json, row) -> json.writeNumber(row.getLong(field));
      case CHAR, VARCHAR -> (json, row) -> Texts.write(json, row.getString(field));
      default -> {
        ValueWriter value = ValueWriter.of(type, path);
        RowData.FieldGetter getter = RowData.createFieldGetter(type, field);
        yield (json, row) -> value.writeNullable(json, getter.getFieldOrNull(row));
      }
    };
  }

  void write(JsonGenerator json, RowData row) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < names.length; i++) {
      json.writeFieldName(names[i]);
      if (row.isNullAt(i)) {
        json.writeNull();
      } else {
        writers[i].write(json, row);
      }
    }
    json.writeEndObject();
  }
}
