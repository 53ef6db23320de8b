// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes nested values as JSON: an ARRAY as an array, a ROW as an object of its fields, and a MAP
 * or MULTISET with text keys as an object. A MAP or MULTISET with other keys, or with a null key,
 * is an array of pairs.
 */
final class NestedTextCodec extends TextCodec {

  @FunctionalInterface
  private interface Writer {
    void write(Object value, JsonGenerator out) throws IOException;
  }

  @FunctionalInterface
  private interface Reader {
    Object read(JsonParser in) throws IOException;
  }

  private final Writer writer;
  private final Reader reader;

  private NestedTextCodec(Writer writer, Reader reader) {
    this.writer = writer;
    this.reader = reader;
  }

  static NestedTextCodec of(DataType type) {
    if (type instanceof DataType.Array array) {
      return array(TextCodec.of(array.element()));
    }
    if (type instanceof DataType.MapOf map) {
      return map(map.key(), TextCodec.of(map.value()));
    }
    if (type instanceof DataType.Multiset multiset) {
      return map(multiset.element(), TextCodec.of(DataType.Simple.INT));
    }
    return row(((DataType.RowOf) type).fields());
  }

  private static NestedTextCodec array(TextCodec element) {
    return new NestedTextCodec(
        (value, out) -> {
          out.writeStartArray();
          for (Object each : (List<?>) value) {
            element.writeNullable(each, out);
          }
          out.writeEndArray();
        },
        in -> {
          require(in, JsonToken.START_ARRAY);
          List<@Nullable Object> list = new ArrayList<>();
          while (in.nextToken() != JsonToken.END_ARRAY) {
            list.add(element.readNullable(in));
          }
          return list;
        });
  }

  private static NestedTextCodec map(DataType keyType, TextCodec value) {
    TextCodec key = TextCodec.of(keyType);
    boolean text = keyType instanceof DataType.Text;
    return new NestedTextCodec(
        (map, out) -> {
          Map<?, ?> entries = (Map<?, ?>) map;
          boolean object = text && entries.keySet().stream().allMatch(Objects::nonNull);
          if (object) {
            out.writeStartObject();
          } else {
            out.writeStartArray();
          }
          for (Map.Entry<?, ?> entry : entries.entrySet()) {
            if (object) {
              out.writeFieldName((String) entry.getKey());
              value.writeNullable(entry.getValue(), out);
            } else {
              out.writeStartArray();
              key.writeNullable(entry.getKey(), out);
              value.writeNullable(entry.getValue(), out);
              out.writeEndArray();
            }
          }
          if (object) {
            out.writeEndObject();
          } else {
            out.writeEndArray();
          }
        },
        in -> {
          Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
          if (text && in.currentToken() == JsonToken.START_OBJECT) {
            while (in.nextToken() != JsonToken.END_OBJECT) {
              String name = in.currentName();
              in.nextToken();
              map.put(name, value.readNullable(in));
            }
            return map;
          }
          require(in, JsonToken.START_ARRAY);
          while (in.nextToken() != JsonToken.END_ARRAY) {
            require(in, JsonToken.START_ARRAY);
            in.nextToken();
            Object name = key.readNullable(in);
            in.nextToken();
            map.put(name, value.readNullable(in));
            in.nextToken();
            require(in, JsonToken.END_ARRAY);
          }
          return map;
        });
  }

  private static NestedTextCodec row(List<Column> fields) {
    TextCodec[] codecs =
        fields.stream().map(Column::type).map(TextCodec::of).toArray(TextCodec[]::new);
    List<String> names = fields.stream().map(Column::name).toList();
    return new NestedTextCodec(
        (value, out) -> {
          out.writeStartObject();
          for (int i = 0; i < codecs.length; i++) {
            out.writeFieldName(names.get(i));
            codecs[i].writeNullable(((Row) value).get(i), out);
          }
          out.writeEndObject();
        },
        in -> {
          require(in, JsonToken.START_OBJECT);
          @Nullable Object[] values = new @Nullable Object[codecs.length];
          while (in.nextToken() != JsonToken.END_OBJECT) {
            int at = names.indexOf(in.currentName());
            in.nextToken();
            if (at < 0) {
              throw new IllegalArgumentException("an unknown field of a ROW");
            }
            values[at] = codecs[at].readNullable(in);
          }
          return Row.of(values);
        });
  }

  private static void require(JsonParser in, JsonToken token) {
    if (in.currentToken() != token) {
      throw new IllegalArgumentException(
          in.currentToken() + " where the JSON token must be " + token);
    }
  }

  @Override
  void write(Object value, JsonGenerator out) throws IOException {
    writer.write(value, out);
  }

  @Override
  Object read(JsonParser in) throws IOException {
    return reader.read(in);
  }

  @Override
  String toText(Object value) {
    return json(this, value);
  }

  @Override
  Object ofText(String text) {
    return ofJson(this, text);
  }
}
