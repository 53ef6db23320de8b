package io.dimstore.tck;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Stores that hold values, keys or projections wrongly. */
final class BrokenValues {

  private BrokenValues() {}

  static List<Broken> all() {
    return List.of(
        values("takes empty text for null", v -> "".equals(v) ? null : v),
        values("takes the text null for null", v -> "null".equals(v) ? null : v),
        values(
            "takes empty bytes for null", v -> v instanceof byte[] b && b.length == 0 ? null : v),
        values(
            "keeps microseconds",
            v -> v instanceof Instant t ? t.truncatedTo(ChronoUnit.MICROS) : v),
        values(
            "normalizes decimals",
            v ->
                v instanceof BigDecimal d && d.scale() == 2 && d.signum() != 0
                    ? d.stripTrailingZeros()
                    : v),
        values(
            "has no negative zero", v -> v instanceof Double d && d == 0 ? Double.valueOf(0) : v),
        values("has no NaN", v -> v instanceof Float f && f.isNaN() ? null : v),
        values(
            "reads Latin-1",
            v ->
                v instanceof String s
                    ? new String(
                        s.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                        java.nio.charset.StandardCharsets.ISO_8859_1)
                    : v),
        values("drops nulls from lists", BrokenValues::withoutNulls),
        Broken.tables(10, "runs composite keys together", (t, c) -> runTogether(t)),
        Broken.tables(10, "ignores the order of a projection", (t, c) -> inTableOrder(t)));
  }

  private static Broken values(String how, UnaryOperator<Object> spoiling) {
    return Broken.tables(
        10,
        how,
        (table, clock) ->
            SpoiledTable.found(
                table,
                put -> {
                  Object[] values = new Object[put.row().size()];
                  for (int i = 0; i < values.length; i++) {
                    values[i] = spoiling.apply(put.row().get(i));
                  }
                  return new Put(put.key(), Row.of(values), put.version(), put.expiresAtMillis());
                }));
  }

  private static Object withoutNulls(Object value) {
    if (!(value instanceof List<?> list)) {
      return value;
    }
    List<Object> kept = new ArrayList<>(list);
    kept.removeIf(element -> element == null);
    return kept;
  }

  private static DimensionTable runTogether(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(
            changes.stream()
                .map(
                    c ->
                        c instanceof Put p
                            ? (Change) new Put(joined(p.key()), p.row(), p.version())
                            : c)
                .toList());
      }

      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return super.get(keys.stream().map(BrokenValues::joined).toList(), columns);
      }
    };
  }

  private static Key joined(Key key) {
    return key.size() == 2 && key.get(0) instanceof String a && key.get(1) instanceof String b
        ? Key.of(a + b, "")
        : key;
  }

  private static DimensionTable inTableOrder(DimensionTable table) {
    return new SpoiledTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        int[] indexes = new int[columns.size()];
        for (int i = 0; i < indexes.length; i++) {
          indexes[i] = columns.index(i);
        }
        java.util.Arrays.sort(indexes);
        return super.get(keys, Projection.of(indexes));
      }
    };
  }
}
