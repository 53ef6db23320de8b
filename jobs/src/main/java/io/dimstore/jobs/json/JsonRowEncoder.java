// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as JSON in UTF-8, as {@link StreamingJsonFactory} says. Not thread-safe: it reuses
 * one generator.
 */
final class JsonRowEncoder implements SerializationSchema<RowData> {

  private static final long serialVersionUID = 1L;

  private static final JsonFactory FACTORY = new JsonFactory();

  private final FieldWriters fields;
  private transient @Nullable ByteArrayOutputStream bytes;
  private transient @Nullable JsonGenerator generator;

  JsonRowEncoder(RowType type) {
    this.fields = new FieldWriters(type, "");
  }

  @Override
  public byte[] serialize(RowData row) {
    ByteArrayOutputStream out = bytes;
    JsonGenerator json = generator;
    try {
      if (out == null || json == null) {
        out = new ByteArrayOutputStream(512);
        json = FACTORY.createGenerator(out);
        // Each row is a value of its own, and is flushed to the same stream.
        json.setRootValueSeparator(null);
        json.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
        bytes = out;
        generator = json;
      }
      out.reset();
      fields.write(json, row);
      json.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw failed(new UncheckedIOException(e));
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  /** The generator may be in the middle of a row: the next row gets a new one. */
  private RuntimeException failed(RuntimeException failure) {
    bytes = null;
    generator = null;
    return failure;
  }
}
