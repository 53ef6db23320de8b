// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The packed encoding of values of one type. It is used in packed entries of Redis, and in HBase
 * for the types that the stock connector does not support. Built once per column, thread-safe.
 *
 * @param write appends a value that is not null
 * @param read reads a value
 * @param width the number of bytes of a value, or {@link #BLOCK} if it begins with its length
 */
record PackedCodec(
    BiConsumer<Object, ByteSink> write, Function<ByteSource, Object> read, int width) {

  /** The width of values that begin with their length. */
  static final int BLOCK = -1;

  void skip(ByteSource in) {
    in.skip(width == BLOCK ? in.length() : width);
  }

  static PackedCodec of(DataType type) {
    if (type instanceof DataType.Simple simple) {
      return simple(simple);
    }
    if (type instanceof DataType.Decimal decimal) {
      return new PackedCodec(
          (value, out) -> out.block(((BigDecimal) value).unscaledValue().toByteArray()),
          in -> new BigDecimal(new BigInteger(in.block()), decimal.scale()),
          BLOCK);
    }
    if (type instanceof DataType.Text) {
      return new PackedCodec(
          (value, out) -> out.block(Utf8.encode((String) value)), PackedCodec::text, BLOCK);
    }
    if (type instanceof DataType.Binary) {
      return new PackedCodec((value, out) -> out.block((byte[]) value), ByteSource::block, BLOCK);
    }
    if (type instanceof DataType.Time) {
      return new PackedCodec(
          (value, out) -> out.i64(((LocalTime) value).toNanoOfDay()),
          in -> LocalTime.ofNanoOfDay(in.i64()),
          8);
    }
    if (type instanceof DataType.Timestamp) {
      return new PackedCodec(
          (value, out) -> {
            out.i64(((LocalDateTime) value).toEpochSecond(ZoneOffset.UTC));
            out.i32(((LocalDateTime) value).getNano());
          },
          in -> LocalDateTime.ofEpochSecond(in.i64(), in.i32(), ZoneOffset.UTC),
          12);
    }
    if (type instanceof DataType.TimestampLtz) {
      return new PackedCodec(
          (value, out) -> {
            out.i64(((Instant) value).getEpochSecond());
            out.i32(((Instant) value).getNano());
          },
          in -> Instant.ofEpochSecond(in.i64(), in.i32()),
          12);
    }
    return nested(type);
  }

  private static PackedCodec simple(DataType.Simple type) {
    return switch (type) {
      case BOOLEAN ->
          new PackedCodec((value, out) -> out.i8((Boolean) value ? 1 : 0), in -> in.i8() != 0, 1);
      case TINYINT -> new PackedCodec((value, out) -> out.i8((Byte) value), ByteSource::i8, 1);
      case SMALLINT -> new PackedCodec((value, out) -> out.i16((Short) value), ByteSource::i16, 2);
      case INT -> new PackedCodec((value, out) -> out.i32((Integer) value), ByteSource::i32, 4);
      case BIGINT -> new PackedCodec((value, out) -> out.i64((Long) value), ByteSource::i64, 8);
      case FLOAT ->
          new PackedCodec(
              (value, out) -> out.i32(Float.floatToRawIntBits((Float) value)),
              in -> Float.intBitsToFloat(in.i32()),
              4);
      case DOUBLE ->
          new PackedCodec(
              (value, out) -> out.i64(Double.doubleToRawLongBits((Double) value)),
              in -> Double.longBitsToDouble(in.i64()),
              8);
      case DATE ->
          new PackedCodec(
              (value, out) -> out.i64(((LocalDate) value).toEpochDay()),
              in -> LocalDate.ofEpochDay(in.i64()),
              8);
      case INTERVAL_YEAR_MONTH ->
          new PackedCodec(
              (value, out) -> {
                out.i32(((Period) value).getYears());
                out.i32(((Period) value).getMonths());
              },
              in -> Period.of(in.i32(), in.i32(), 0),
              8);
      case INTERVAL_DAY_TIME ->
          new PackedCodec(
              (value, out) -> {
                out.i64(((Duration) value).getSeconds());
                out.i32(((Duration) value).getNano());
              },
              in -> Duration.ofSeconds(in.i64(), in.i32()),
              12);
    };
  }

  private static PackedCodec nested(DataType type) {
    if (type instanceof DataType.Array array) {
      PackedCodec element = of(array.element());
      return block(
          (value, out) -> {
            List<?> list = (List<?>) value;
            out.length(list.size());
            list.forEach(each -> element.writeNullable(each, out));
          },
          in -> {
            int size = in.length();
            List<@Nullable Object> list = new ArrayList<>(Math.min(size, 1_000));
            for (int i = 0; i < size; i++) {
              list.add(element.readNullable(in));
            }
            return list;
          });
    }
    if (type instanceof DataType.MapOf map) {
      return map(of(map.key()), of(map.value()));
    }
    if (type instanceof DataType.Multiset multiset) {
      return map(of(multiset.element()), of(DataType.Simple.INT));
    }
    PackedCodec[] fields =
        ((DataType.RowOf) type)
            .fields().stream().map(Column::type).map(PackedCodec::of).toArray(PackedCodec[]::new);
    return block(
        (value, out) -> {
          for (int i = 0; i < fields.length; i++) {
            fields[i].writeNullable(((Row) value).get(i), out);
          }
        },
        in -> {
          @Nullable Object[] values = new @Nullable Object[fields.length];
          for (int i = 0; i < fields.length; i++) {
            values[i] = fields[i].readNullable(in);
          }
          return Row.of(values);
        });
  }

  private static PackedCodec map(PackedCodec key, PackedCodec value) {
    return block(
        (map, out) -> {
          out.length(((Map<?, ?>) map).size());
          ((Map<?, ?>) map)
              .forEach(
                  (k, v) -> {
                    key.writeNullable(k, out);
                    value.writeNullable(v, out);
                  });
        },
        in -> {
          int size = in.length();
          Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
          for (int i = 0; i < size; i++) {
            map.put(key.readNullable(in), value.readNullable(in));
          }
          return map;
        });
  }

  /**
   * Returns a codec that puts the length before a nested value, so that a projection can skip the
   * value.
   */
  private static PackedCodec block(
      BiConsumer<Object, ByteSink> write, Function<ByteSource, Object> read) {
    return new PackedCodec(
        (value, out) -> {
          ByteSink inner = new ByteSink(64);
          write.accept(value, inner);
          out.block(inner.toBytes());
        },
        in -> {
          int length = in.length();
          int end = in.position() + length;
          Object value = read.apply(in);
          if (in.position() != end) {
            throw new IllegalArgumentException(
                "a nested value whose length differs from the" + " stated one");
          }
          return value;
        },
        BLOCK);
  }

  private static Object text(ByteSource in) {
    int length = in.length();
    return Utf8.decode(in.array(), in.skip(length), length);
  }

  private void writeNullable(@Nullable Object value, ByteSink out) {
    out.i8(value == null ? 0 : 1);
    if (value != null) {
      write.accept(value, out);
    }
  }

  private @Nullable Object readNullable(ByteSource in) {
    return in.i8() == 0 ? null : read.apply(in);
  }
}
