// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.Versions;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses changes and keys whose values do not have the classes of their columns' types, because a
 * store could not read them back (R10). Thread-safe.
 */
public final class ChangeValidator {

  private static final Duration MAX_MILLIS = Duration.ofMillis(Long.MAX_VALUE);
  private static final Duration MIN_MILLIS = Duration.ofMillis(Long.MIN_VALUE);

  private final String table;
  private final List<Column> key;
  private final List<Column> values;

  /** Creates a validator for the changes of one table. */
  public ChangeValidator(TableSpec spec) {
    this.table = spec.name();
    this.key = spec.key();
    this.values = spec.values();
  }

  /**
   * Checks one change.
   *
   * @throws StoreException INVALID, naming the key and the column
   */
  public void check(Change change) {
    String wrong = problemOf(change);
    if (wrong != null) {
      throw StoreException.invalid(message(change, wrong), List.of(change.key()));
    }
  }

  /**
   * Checks all changes of a batch. The exception names all keys to blame, so that a caller can send
   * the batch again without them.
   *
   * @throws StoreException INVALID, naming each key to blame once (R11), and the column of the
   *     first
   */
  public void checkAll(List<? extends Change> changes) {
    Set<Key> blamed = null;
    String first = null;
    for (Change change : changes) {
      String wrong = problemOf(change);
      if (wrong != null) {
        if (blamed == null || first == null) {
          blamed = new LinkedHashSet<>();
          first = message(change, wrong);
        }
        blamed.add(change.key());
      }
    }
    if (blamed != null && first != null) {
      throw StoreException.invalid(first, List.copyOf(blamed));
    }
  }

  /** Returns why this is not a change of the table, or null if it is one. */
  public @Nullable String problemOf(Change change) {
    String wrong = problemOf(change.key());
    if (wrong == null && !Versions.isValid(change.version())) {
      wrong = "version " + change.version() + " is outside 0 to " + Versions.MAX;
    }
    if (wrong == null && change instanceof Put put) {
      wrong = problemOf(put.row());
    }
    return wrong;
  }

  private String message(Change change, String wrong) {
    return "Table " + table + ", key " + change.key() + ": " + wrong;
  }

  /** Returns why this is not a key of the table, or null if it is one. */
  public @Nullable String problemOf(Key candidate) {
    if (candidate.size() != key.size()) {
      return "the key has " + candidate.size() + " values for " + key.size() + " columns";
    }
    for (int i = 0; i < key.size(); i++) {
      String wrong = problem(key.get(i).type(), candidate.get(i));
      if (wrong != null) {
        return "key column " + key.get(i).name() + " " + wrong;
      }
    }
    return null;
  }

  private @Nullable String problemOf(Row row) {
    if (row.size() != values.size()) {
      return "the row has " + row.size() + " values for " + values.size() + " columns";
    }
    for (int i = 0; i < values.size(); i++) {
      Object value = row.get(i);
      String wrong = value == null ? null : problem(values.get(i).type(), value);
      if (wrong != null) {
        return "column " + values.get(i).name() + " " + wrong;
      }
    }
    return null;
  }

  private static @Nullable String problem(DataType type, Object value) {
    if (type instanceof DataType.Simple simple) {
      return switch (simple) {
        case BOOLEAN -> require(value instanceof Boolean, type, value);
        case TINYINT -> require(value instanceof Byte, type, value);
        case SMALLINT -> require(value instanceof Short, type, value);
        case INT -> require(value instanceof Integer, type, value);
        case BIGINT -> require(value instanceof Long, type, value);
        case FLOAT -> require(value instanceof Float, type, value);
        case DOUBLE -> require(value instanceof Double, type, value);
        case DATE -> require(value instanceof LocalDate, type, value);
        case INTERVAL_YEAR_MONTH ->
            require(value instanceof Period p && isWholeMonths(p), type, value);
        case INTERVAL_DAY_TIME ->
            require(value instanceof Duration d && isWholeMillis(d), type, value);
      };
    }
    if (type instanceof DataType.Decimal decimal) {
      return require(
          value instanceof BigDecimal d
              && d.scale() == decimal.scale()
              && d.precision() <= decimal.precision(),
          type,
          value);
    }
    if (type instanceof DataType.Text) {
      return value instanceof String text
          ? (isWellFormed(text) ? null : "holds half of a surrogate pair")
          : require(false, type, value);
    }
    if (type instanceof DataType.Binary) {
      return require(value instanceof byte[], type, value);
    }
    if (type instanceof DataType.Time time) {
      return require(
          value instanceof LocalTime t && fits(t.getNano(), time.precision()), type, value);
    }
    if (type instanceof DataType.Timestamp timestamp) {
      return require(
          value instanceof LocalDateTime t && fits(t.getNano(), timestamp.precision()),
          type,
          value);
    }
    if (type instanceof DataType.TimestampLtz timestamp) {
      return require(
          value instanceof Instant t && fits(t.getNano(), timestamp.precision()), type, value);
    }
    return nestedProblem(type, value);
  }

  private static @Nullable String nestedProblem(DataType type, Object value) {
    if (type instanceof DataType.Array array && value instanceof List<?> list) {
      return firstProblem(array.element(), list);
    }
    if (type instanceof DataType.Multiset multiset && value instanceof Map<?, ?> map) {
      String wrong = firstProblem(multiset.element(), map.keySet());
      return wrong == null ? firstProblem(DataType.Simple.INT, map.values()) : wrong;
    }
    if (type instanceof DataType.MapOf mapOf && value instanceof Map<?, ?> map) {
      String wrong = firstProblem(mapOf.key(), map.keySet());
      return wrong == null ? firstProblem(mapOf.value(), map.values()) : wrong;
    }
    if (type instanceof DataType.RowOf rowOf && value instanceof Row row) {
      if (row.size() != rowOf.fields().size()) {
        return "has " + row.size() + " fields for " + type;
      }
      for (int i = 0; i < row.size(); i++) {
        Object field = row.get(i);
        String wrong = field == null ? null : problem(rowOf.fields().get(i).type(), field);
        if (wrong != null) {
          return wrong;
        }
      }
      return null;
    }
    return require(false, type, value);
  }

  private static @Nullable String firstProblem(
      DataType type, Iterable<? extends @Nullable Object> values) {
    for (Object value : values) {
      String wrong = value == null ? null : problem(type, value);
      if (wrong != null) {
        return wrong;
      }
    }
    return null;
  }

  private static @Nullable String require(boolean holds, DataType type, Object value) {
    return holds
        ? null
        : "is a " + type + " and cannot hold the " + value.getClass().getSimpleName() + " given";
  }

  /** Returns whether the period is normalized, has no days, and its total months fit an int. */
  private static boolean isWholeMonths(Period period) {
    long months = period.toTotalMonths();
    return period.getDays() == 0
        && months == (int) months
        && period.getYears() == months / 12
        && period.getMonths() == months % 12;
  }

  /** Returns whether the duration is whole milliseconds that fit a long. */
  private static boolean isWholeMillis(Duration duration) {
    return duration.getNano() % 1_000_000 == 0
        && duration.compareTo(MAX_MILLIS) <= 0
        && duration.compareTo(MIN_MILLIS) >= 0;
  }

  private static boolean fits(int nanos, int precision) {
    int unit = 1;
    for (int i = precision; i < 9; i++) {
      unit *= 10;
    }
    return nanos % unit == 0;
  }

  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
