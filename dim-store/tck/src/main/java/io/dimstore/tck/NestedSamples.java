// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.DataType.Array;
import io.dimstore.spi.DataType.MapOf;
import io.dimstore.spi.DataType.Multiset;
import io.dimstore.spi.DataType.RowOf;
import io.dimstore.spi.DataType.Simple;
import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sample values of the nested types. */
final class NestedSamples {

  private NestedSamples() {}

  static Map<DataType, List<Object>> nested() {
    Map<DataType, List<Object>> nested = new LinkedHashMap<>();
    nested.put(
        new Array(DataType.STRING),
        List.of(
            List.of(),
            list((Object) null),
            list("", null, "null", "\u0000", "\ud83d\ude00"),
            List.of("b", "a", "b")));
    nested.put(
        new Array(new Array(Simple.INT)),
        List.of(List.of(List.of()), list(List.of(1, 2), null, list(null, 3))));
    nested.put(
        new Array(DataType.BYTES), List.of(list(new byte[0], null, new byte[] {0, -1, 127})));
    nested.put(
        new Array(Simple.DOUBLE),
        List.of(list(Double.NaN, -0.0, 0.0, null, Double.MIN_VALUE, Double.NEGATIVE_INFINITY)));
    nested.put(
        new Multiset(DataType.STRING),
        List.of(Map.of(), Map.of("a", 1, "", Integer.MAX_VALUE), map(null, 2, "null", 1)));
    nested.put(
        new MapOf(DataType.STRING, Simple.BIGINT),
        List.of(
            Map.of(),
            Map.of("", 0L, "a.b", Long.MIN_VALUE, "null", Long.MAX_VALUE),
            map("value is null", null, "x", 1L),
            map(null, 1L, "null", 2L)));
    nested.put(
        new MapOf(Simple.INT, new Array(DataType.STRING)),
        List.of(map(-1, list("x", null), Integer.MIN_VALUE, List.of(), 0, null)));
    nested.put(
        new MapOf(DataType.BYTES, DataType.BYTES),
        List.of(map(new byte[] {1}, new byte[0], new byte[0], new byte[] {0})));
    nested.put(
        new MapOf(new DataType.TimestampLtz(9), new DataType.Decimal(10, 2)),
        List.of(Map.of(Instant.parse("2024-02-29T23:59:59.999999999Z"), new BigDecimal("1.50"))));
    RowOf inner =
        new RowOf(
            List.of(
                new Column("flag", Simple.BOOLEAN),
                new Column("at", new DataType.Timestamp(6)),
                new Column("tags", new Array(DataType.STRING))));
    nested.put(
        inner,
        List.of(
            Row.of(true, LocalDateTime.of(2024, 1, 1, 0, 0), List.of("x")),
            Row.of(null, null, null),
            Row.of(false, null, list("", null))));
    nested.put(
        new Array(new RowOf(List.of(new Column("m", new MapOf(DataType.STRING, inner))))),
        List.of(
            list(
                Row.of(map("a", Row.of(null, null, List.of()), "b", null)),
                null,
                Row.of((Object) null))));
    nested.put(everyTypeInARow(), List.of(everyValueInARow(), nullsInARow()));
    return nested;
  }

  private static RowOf everyTypeInARow() {
    return new RowOf(Samples.columns("f", Samples.atomic().keySet()));
  }

  private static Row everyValueInARow() {
    return Row.of(Samples.atomic().values().stream().map(values -> values.get(0)).toArray());
  }

  private static Row nullsInARow() {
    return Row.of(new @Nullable Object[Samples.atomic().size()]);
  }

  private static List<@Nullable Object> list(@Nullable Object... values) {
    return new ArrayList<>(Arrays.asList(values));
  }

  private static Map<@Nullable Object, @Nullable Object> map(@Nullable Object... keysAndValues) {
    Map<@Nullable Object, @Nullable Object> map = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}
