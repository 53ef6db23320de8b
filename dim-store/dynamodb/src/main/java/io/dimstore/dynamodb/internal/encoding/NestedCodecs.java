// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Codecs of nested types. An ARRAY is stored as L, and a ROW as M by field name. A MAP is stored as
 * M if every key is a text that can be the name of an attribute, and otherwise as L of pairs [key,
 * value]. A MULTISET is stored as a MAP from element to count.
 */
public final class NestedCodecs {

  private static final int MAX_NAME_CHARS = 65_535 / 3;

  private NestedCodecs() {}

  static ValueCodec of(DataType type) {
    if (type instanceof DataType.Array array) {
      return new ArrayCodec(ValueCodec.of(array.element()));
    }
    if (type instanceof DataType.Multiset multiset) {
      return map(multiset.element(), DataType.Simple.INT);
    }
    if (type instanceof DataType.MapOf mapOf) {
      return map(mapOf.key(), mapOf.value());
    }
    if (type instanceof DataType.RowOf rowOf) {
      List<Column> fields = rowOf.fields();
      return new RowCodec(
          fields.stream().map(Column::name).toArray(String[]::new),
          fields.stream().map(field -> ValueCodec.of(field.type())).toArray(ValueCodec[]::new));
    }
    throw StoreException.invalid("DynamoDB tables cannot store the type " + type);
  }

  /** Returns the largest number of lists and maps that can enclose a value of this type. */
  public static int depth(DataType type) {
    if (type instanceof DataType.Array array) {
      return 1 + depth(array.element());
    }
    if (type instanceof DataType.Multiset multiset) {
      return 2 + depth(multiset.element());
    }
    if (type instanceof DataType.MapOf mapOf) {
      return 2 + Math.max(depth(mapOf.key()), depth(mapOf.value()));
    }
    if (type instanceof DataType.RowOf rowOf) {
      return 1 + rowOf.fields().stream().mapToInt(field -> depth(field.type())).max().orElse(0);
    }
    return 0;
  }

  private static ValueCodec map(DataType key, DataType value) {
    return new MapCodec(key instanceof DataType.Text, ValueCodec.of(key), ValueCodec.of(value));
  }

  private record ArrayCodec(ValueCodec element) implements ValueCodec {
    @Override
    public AttributeValue encode(Object value) {
      List<?> list = (List<?>) value;
      List<AttributeValue> elements = new ArrayList<>(list.size());
      for (Object each : list) {
        elements.add(element.encodeNullable(each));
      }
      return AttributeValue.fromL(elements);
    }

    @Override
    public Object decode(AttributeValue attribute) {
      List<AttributeValue> elements = list(attribute);
      List<@Nullable Object> list = new ArrayList<>(elements.size());
      for (AttributeValue each : elements) {
        list.add(element.decodeNullable(each));
      }
      return list;
    }
  }

  private record RowCodec(String[] names, ValueCodec[] fields) implements ValueCodec {
    @Override
    public AttributeValue encode(Object value) {
      Row row = (Row) value;
      Map<String, AttributeValue> map = new LinkedHashMap<>(names.length * 2);
      for (int i = 0; i < names.length; i++) {
        map.put(names[i], fields[i].encodeNullable(row.get(i)));
      }
      return AttributeValue.fromM(map);
    }

    @Override
    public Object decode(AttributeValue attribute) {
      if (!attribute.hasM()) {
        throw wrongType(attribute);
      }
      Map<String, AttributeValue> map = attribute.m();
      @Nullable Object[] values = new @Nullable Object[names.length];
      for (int i = 0; i < names.length; i++) {
        values[i] = fields[i].decodeNullable(map.get(names[i]));
      }
      return Row.of(values);
    }
  }

  private record MapCodec(boolean textKeys, ValueCodec key, ValueCodec value)
      implements ValueCodec {
    @Override
    public AttributeValue encode(Object value) {
      Map<?, ?> map = (Map<?, ?>) value;
      return textKeys && map.keySet().stream().allMatch(NestedCodecs::canBeName)
          ? asNames(map)
          : asPairs(map);
    }

    private AttributeValue asNames(Map<?, ?> map) {
      Map<String, AttributeValue> named = new LinkedHashMap<>(map.size() * 2);
      map.forEach((k, v) -> named.put((String) k, value.encodeNullable(v)));
      return AttributeValue.fromM(named);
    }

    private AttributeValue asPairs(Map<?, ?> map) {
      List<AttributeValue> pairs = new ArrayList<>(map.size());
      map.forEach(
          (k, v) ->
              pairs.add(
                  AttributeValue.fromL(List.of(key.encodeNullable(k), value.encodeNullable(v)))));
      return AttributeValue.fromL(pairs);
    }

    @Override
    public Object decode(AttributeValue attribute) {
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
      if (textKeys && attribute.hasM()) {
        attribute.m().forEach((k, v) -> map.put(k, value.decodeNullable(v)));
        return map;
      }
      for (AttributeValue pair : list(attribute)) {
        List<AttributeValue> both = list(pair);
        if (both.size() != 2) {
          throw new IllegalArgumentException(
              "has a pair with this number of elements: " + both.size());
        }
        map.put(key.decodeNullable(both.get(0)), value.decodeNullable(both.get(1)));
      }
      return map;
    }
  }

  private static boolean canBeName(@Nullable Object key) {
    return key != null && !((String) key).isEmpty() && ((String) key).length() <= MAX_NAME_CHARS;
  }

  private static List<AttributeValue> list(AttributeValue attribute) {
    if (!attribute.hasL()) {
      throw wrongType(attribute);
    }
    return attribute.l();
  }

  private static IllegalArgumentException wrongType(AttributeValue attribute) {
    return new IllegalArgumentException("is an attribute of type " + attribute.type());
  }
}
