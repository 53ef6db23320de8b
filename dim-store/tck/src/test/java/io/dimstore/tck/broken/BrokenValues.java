// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.broken;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.tck.harness.Clause;
import io.dimstore.tck.simulated.DelegatingTable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** Stores whose values, keys or projections are wrong: R10. */
final class BrokenValues {

  private BrokenValues() {}

  static List<Broken> all() {
    return List.of(
        values(
            "truncates times to microseconds",
            v -> v instanceof Instant t ? t.truncatedTo(ChronoUnit.MICROS) : v),
        values(
            "normalizes decimals",
            v ->
                v instanceof BigDecimal d && d.scale() == 2 && d.signum() != 0
                    ? d.stripTrailingZeros()
                    : v),
        values(
            "loses the sign of negative zero",
            v -> v instanceof Double d && d == 0 ? Double.valueOf(0) : v),
        values("returns null for NaN", v -> v instanceof Float f && f.isNaN() ? null : v),
        values("drops nulls from lists", BrokenValues::withoutNulls),
        values(Clause.R10B, "returns null for the text nil", v -> "nil".equals(v) ? null : v),
        values("returns null for empty text", v -> "".equals(v) ? null : v)
            .showsAlsoIn("R10b also tests empty text", Clause.R10B),
        values(
            "returns null for empty bytes", v -> v instanceof byte[] b && b.length == 0 ? null : v),
        Broken.tables(Clause.R10C, "ignores the order of a projection", (t, c) -> inTableOrder(t)),
        Broken.tables(
            Clause.R10D,
            "truncates times in keys to milliseconds",
            (t, c) -> keyed(t, BrokenValues::coarse)),
        Broken.tables(
            Clause.R10E,
            "concatenates the parts of composite keys",
            (t, c) -> keyed(t, BrokenValues::joined)),
        Broken.tables(
            Clause.R10F,
            "accepts a long key and loses it",
            (t, c) ->
                DelegatingTable.found(
                    t,
                    put ->
                        put.key().get(0) instanceof String text && text.length() > 60_000
                            ? null
                            : put)),
        Broken.tables(
            Clause.R10G, "fails a get because of one key of another type", (t, c) -> picky(t)));
  }

  private static Broken values(String how, UnaryOperator<Object> breaking) {
    return values(Clause.R10A, how, breaking);
  }

  private static Broken values(Clause clause, String how, UnaryOperator<Object> breaking) {
    return Broken.tables(
        clause,
        how,
        (table, clock) ->
            DelegatingTable.found(
                table,
                put -> {
                  Object[] values = new Object[put.row().size()];
                  for (int i = 0; i < values.length; i++) {
                    values[i] = breaking.apply(put.row().get(i));
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

  /** Replaces the keys of reads and writes. */
  private static DimensionTable keyed(DimensionTable table, UnaryOperator<Key> other) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<Void> write(List<Change> changes) {
        return super.write(
            changes.stream()
                .map(
                    c ->
                        c instanceof Put p
                            ? (Change)
                                new Put(
                                    other.apply(p.key()), p.row(), p.version(), p.expiresAtMillis())
                            : c)
                .toList());
      }

      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        return super.get(keys.stream().map(other).toList(), columns);
      }
    };
  }

  private static Key coarse(Key key) {
    return key.size() == 1 && key.get(0) instanceof Instant time
        ? Key.of(time.truncatedTo(ChronoUnit.MILLIS))
        : key;
  }

  private static Key joined(Key key) {
    return key.size() == 2
            && key.get(0) instanceof String a
            && key.get(1) instanceof String b
            && a.length() + b.length() <= 4
        ? Key.of(a + b, "")
        : key;
  }

  private static DimensionTable picky(DimensionTable table) {
    return new DelegatingTable(table) {
      @Override
      public CompletionStage<List<Put>> get(List<Key> keys, Projection columns) {
        boolean mixed =
            keys.stream().anyMatch(key -> key.get(0) instanceof Long)
                && keys.stream().anyMatch(key -> key.get(0) instanceof String);
        return mixed
            ? CompletableFuture.failedFuture(StoreException.invalid("A key of another type"))
            : super.get(keys, columns);
      }
    };
  }

  private static DimensionTable inTableOrder(DimensionTable table) {
    return new DelegatingTable(table) {
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
