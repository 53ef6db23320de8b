// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.source.KeyColumn.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.TimeType;
import org.apache.flink.table.types.logical.TimestampType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.jspecify.annotations.Nullable;

/**
 * Derives from a condition the keys that can satisfy it. The keys may include some that the
 * condition excludes, so the condition stays in the plan. What this class does not understand
 * allows all keys.
 */
final class KeyFilter {

  /** The greatest precision of TIME whose values Flink does not truncate. */
  private static final int EXACT_TIME = 3;

  private static final int NANO_DIGITS = 9;

  /** The text of a date, a time or a timestamp that Flink and the JDK read alike. */
  private static final Pattern USUAL_TIME =
      Pattern.compile(
          "\\d{4}-\\d{2}-\\d{2}( \\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?)?|\\d{2}:\\d{2}:\\d{2}");

  private final List<KeyColumn> columns;

  private KeyFilter(List<KeyColumn> columns) {
    this.columns = columns;
  }

  /** Returns the keys of a table that can satisfy a condition. */
  static KeyCondition of(ResolvedExpression condition, TableLayout layout) {
    List<KeyColumn> columns = KeyColumn.of(layout);
    return new KeyFilter(columns).of(condition);
  }

  private KeyCondition of(ResolvedExpression condition) {
    if (condition instanceof ValueLiteralExpression literal) {
      return isTrue(literal) ? KeyCondition.all(columns) : KeyCondition.none(columns);
    }
    if (condition instanceof FieldReferenceExpression) {
      return flag(condition, true);
    }
    if (!(condition instanceof CallExpression call)) {
      return KeyCondition.all(columns);
    }
    FunctionDefinition function = call.getFunctionDefinition();
    if (function == BuiltInFunctionDefinitions.OR) {
      return KeyCondition.anyOf(columns, operands(call).stream().map(this::of).toList());
    }
    if (function == BuiltInFunctionDefinitions.AND) {
      KeyCondition all = KeyCondition.all(columns);
      for (ResolvedExpression operand : operands(call)) {
        all = all.and(of(operand));
      }
      return all;
    }
    List<ResolvedExpression> sides = call.getResolvedChildren();
    if (function == BuiltInFunctionDefinitions.IN) {
      return KeyCondition.anyOf(
          columns,
          sides.stream()
              .skip(1)
              .map(value -> comparison(BuiltInFunctionDefinitions.EQUALS, sides.get(0), value))
              .toList());
    }
    if (function == BuiltInFunctionDefinitions.BETWEEN && sides.size() == 3) {
      return comparison(
              BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL, sides.get(0), sides.get(1))
          .and(
              comparison(
                  BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL, sides.get(0), sides.get(2)));
    }
    if (function == BuiltInFunctionDefinitions.NOT
        || function == BuiltInFunctionDefinitions.IS_FALSE) {
      return flag(sides.get(0), false);
    }
    if (function == BuiltInFunctionDefinitions.IS_TRUE) {
      return of(sides.get(0));
    }
    if (sides.size() != 2) {
      return KeyCondition.all(columns);
    }
    return sides.get(0) instanceof ValueLiteralExpression
        ? comparison(mirrored(function), sides.get(1), sides.get(0))
        : comparison(function, sides.get(0), sides.get(1));
  }

  /**
   * Returns the operands of a chain of AND or of OR. Flink nests the operands of a long IN as
   * deeply as there are values, so this method does not recurse.
   */
  private static List<ResolvedExpression> operands(CallExpression chain) {
    List<ResolvedExpression> operands = new ArrayList<>();
    Deque<ResolvedExpression> open = new ArrayDeque<>(chain.getResolvedChildren());
    while (!open.isEmpty()) {
      ResolvedExpression next = open.removeFirst();
      if (next instanceof CallExpression call
          && call.getFunctionDefinition() == chain.getFunctionDefinition()) {
        List<ResolvedExpression> inner = call.getResolvedChildren();
        for (int i = inner.size() - 1; i >= 0; i--) {
          open.addFirst(inner.get(i));
        }
      } else {
        operands.add(next);
      }
    }
    return operands;
  }

  private static boolean isTrue(ValueLiteralExpression literal) {
    return literal.getValueAs(Boolean.class).orElse(false);
  }

  /** Returns the keys for which a column of BOOLEAN has this value. */
  private KeyCondition flag(ResolvedExpression field, boolean value) {
    KeyColumn column = column(field);
    return column == null || !column.type().is(LogicalTypeRoot.BOOLEAN)
        ? KeyCondition.all(columns)
        : KeyCondition.of(columns, column, ColumnValues.of(List.of(column.value(value))));
  }

  private KeyCondition comparison(
      FunctionDefinition function, ResolvedExpression side, ResolvedExpression constant) {
    if (!(constant instanceof ValueLiteralExpression literal) || !isComparison(function)) {
      return KeyCondition.all(columns);
    }
    KeyColumn column = column(side);
    if (column == null) {
      return KeyCondition.all(columns);
    }
    if (literal.isNull()) {
      // A comparison with null is never true.
      return KeyCondition.none(columns);
    }
    Interval interval = interval(column, literal);
    return interval == null
        ? KeyCondition.all(columns)
        : KeyCondition.of(columns, column, values(column, function, interval));
  }

  private static boolean isComparison(FunctionDefinition function) {
    return function == BuiltInFunctionDefinitions.EQUALS
        || function == BuiltInFunctionDefinitions.GREATER_THAN
        || function == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL
        || function == BuiltInFunctionDefinitions.LESS_THAN
        || function == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
  }

  /** Returns the comparison of the exchanged sides. */
  private static FunctionDefinition mirrored(FunctionDefinition comparison) {
    if (comparison == BuiltInFunctionDefinitions.GREATER_THAN) {
      return BuiltInFunctionDefinitions.LESS_THAN;
    }
    if (comparison == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL) {
      return BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL;
    }
    if (comparison == BuiltInFunctionDefinitions.LESS_THAN) {
      return BuiltInFunctionDefinitions.GREATER_THAN;
    }
    return comparison == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL
        ? BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL
        : comparison;
  }

  /**
   * Returns the key column to which an expression refers, or null. A cast that keeps all values and
   * their order is ignored.
   */
  private @Nullable KeyColumn column(ResolvedExpression side) {
    if (side instanceof CallExpression call
        && call.getFunctionDefinition() == BuiltInFunctionDefinitions.CAST) {
      KeyColumn column = column(call.getResolvedChildren().get(0));
      return column != null && isWidening(column.type(), call.getOutputDataType().getLogicalType())
          ? column
          : null;
    }
    return side instanceof FieldReferenceExpression field
        ? columns.stream()
            .filter(column -> column.name().equals(field.getName()))
            .findFirst()
            .orElse(null)
        : null;
  }

  private static boolean isWidening(LogicalType from, LogicalType to) {
    if (from.is(LogicalTypeFamily.CHARACTER_STRING) || from.is(LogicalTypeFamily.BINARY_STRING)) {
      // A cast to CHAR or BINARY adds characters to shorter values.
      LogicalTypeRoot longer =
          from.is(LogicalTypeFamily.CHARACTER_STRING)
              ? LogicalTypeRoot.VARCHAR
              : LogicalTypeRoot.VARBINARY;
      return to.is(longer) && LogicalTypeChecks.getLength(to) >= LogicalTypeChecks.getLength(from);
    }
    if (!from.is(LogicalTypeFamily.EXACT_NUMERIC) || !to.is(LogicalTypeFamily.EXACT_NUMERIC)) {
      return false;
    }
    return scale(to) >= scale(from) && wholeDigits(to) >= wholeDigits(from);
  }

  private static int scale(LogicalType number) {
    return number instanceof DecimalType decimal ? decimal.getScale() : 0;
  }

  private static int wholeDigits(LogicalType number) {
    return switch (number.getTypeRoot()) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      default -> number instanceof DecimalType d ? d.getPrecision() - d.getScale() : 0;
    };
  }

  /**
   * The values of a column that equal a constant, as a half-open range: none if both bounds are the
   * same.
   *
   * @param from the first value that is not less than the constant, or null if there is none
   * @param to the first value that is greater than the constant, or null if there is none
   */
  private record Interval(@Nullable Value from, @Nullable Value to) {}

  private static ColumnValues values(
      KeyColumn column, FunctionDefinition comparison, Interval equal) {
    Value from = equal.from();
    Value to = equal.to();
    if (comparison == BuiltInFunctionDefinitions.EQUALS) {
      return from == null ? ColumnValues.NONE : ColumnValues.range(from, to, column);
    }
    if (comparison == BuiltInFunctionDefinitions.GREATER_THAN) {
      return to == null ? ColumnValues.NONE : ColumnValues.range(to, null, column);
    }
    if (comparison == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL) {
      return from == null ? ColumnValues.NONE : ColumnValues.range(from, null, column);
    }
    return comparison == BuiltInFunctionDefinitions.LESS_THAN
        ? ColumnValues.range(null, from, column)
        : ColumnValues.range(null, to, column);
  }

  /**
   * Returns the values of a column that equal a constant, or null if they are unknown, because SQL
   * does not compare the constant with the column's values as the store orders them.
   */
  private static @Nullable Interval interval(KeyColumn column, ValueLiteralExpression literal) {
    LogicalType type = literal.getOutputDataType().getLogicalType();
    return switch (column.type().getTypeRoot()) {
      case CHAR, VARCHAR ->
          type.is(LogicalTypeFamily.CHARACTER_STRING)
              ? exactly(column, literal.getValueAs(String.class).orElse(null))
              : null;
      case BINARY, VARBINARY ->
          type.is(LogicalTypeFamily.BINARY_STRING)
              ? exactly(column, literal.getValueAs(byte[].class).orElse(null))
              : null;
      case BOOLEAN -> exactly(column, literal.getValueAs(Boolean.class).orElse(null));
      case TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL ->
          type.is(LogicalTypeFamily.EXACT_NUMERIC)
              ? number(column, literal.getValueAs(BigDecimal.class).orElse(null))
              : null;
      case DATE -> exactly(column, constant(literal, LocalDate.class, LocalDate::parse));
      case TIME_WITHOUT_TIME_ZONE ->
          time(column, constant(literal, LocalTime.class, LocalTime::parse));
      case TIMESTAMP_WITHOUT_TIME_ZONE -> timestamp(column, literal);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> instant(column, literal);
      case INTERVAL_YEAR_MONTH ->
          exactly(column, literal.getValueAs(Period.class).map(Period::normalized).orElse(null));
      case INTERVAL_DAY_TIME -> exactly(column, literal.getValueAs(Duration.class).orElse(null));
      default -> null;
    };
  }

  /**
   * Returns a date or time, also one that is written as text. SQL casts such a text to the type of
   * the column. Null if it is written in an unusual form.
   */
  private static <T> @Nullable T constant(
      ValueLiteralExpression literal, Class<T> type, Function<String, T> parser) {
    T value = literal.getValueAs(type).orElse(null);
    String text =
        literal.getOutputDataType().getLogicalType().is(LogicalTypeFamily.CHARACTER_STRING)
            ? literal.getValueAs(String.class).orElse(null)
            : null;
    if (text == null || !USUAL_TIME.matcher(text).matches()) {
      return value;
    }
    try {
      return parser.apply(text.replace(' ', 'T'));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable Interval timestamp(KeyColumn column, ValueLiteralExpression literal) {
    LocalDateTime time = constant(literal, LocalDateTime.class, LocalDateTime::parse);
    int precision = ((TimestampType) column.type()).getPrecision();
    return time == null || !hasPrecision(time.getNano(), precision) ? null : exactly(column, time);
  }

  private static @Nullable Interval instant(KeyColumn column, ValueLiteralExpression literal) {
    Instant time = literal.getValueAs(Instant.class).orElse(null);
    int precision = ((LocalZonedTimestampType) column.type()).getPrecision();
    return time == null || !hasPrecision(time.getNano(), precision) ? null : exactly(column, time);
  }

  /**
   * Returns whether nanoseconds have at most so many digits. A store may not be able to look up a
   * key with more digits than its column has.
   */
  private static boolean hasPrecision(int nanos, int precision) {
    int unit = 1;
    for (int digits = precision; digits < NANO_DIGITS; digits++) {
      unit *= 10;
    }
    return nanos % unit == 0;
  }

  private static @Nullable Interval exactly(KeyColumn column, @Nullable Object constant) {
    if (constant == null) {
      return null;
    }
    Value value = column.value(constant);
    return new Interval(value, column.next(value));
  }

  /** Returns the values equal to a number, which may lie between two values or outside of all. */
  private static @Nullable Interval number(KeyColumn column, @Nullable BigDecimal constant) {
    if (constant == null) {
      return null;
    }
    BigDecimal unit = BigDecimal.ONE.movePointLeft(scale(column.type()));
    BigDecimal floor = constant.setScale(scale(column.type()), RoundingMode.FLOOR);
    BigDecimal from = floor.compareTo(constant) == 0 ? floor : floor.add(unit);
    return new Interval(bound(column, from), bound(column, floor.add(unit)));
  }

  /** Returns the least value of a column that is not less than a number, or null. */
  private static @Nullable Value bound(KeyColumn column, BigDecimal number) {
    return switch (column.type().getTypeRoot()) {
      case TINYINT -> bound(column, number, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> bound(column, number, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> bound(column, number, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> bound(column, number, Long.MIN_VALUE, Long.MAX_VALUE);
      default -> {
        DecimalType decimal = (DecimalType) column.type();
        BigDecimal greatest =
            new BigDecimal(
                BigInteger.TEN.pow(decimal.getPrecision()).subtract(BigInteger.ONE),
                decimal.getScale());
        yield number.compareTo(greatest) > 0 ? null : column.value(number.max(greatest.negate()));
      }
    };
  }

  private static @Nullable Value bound(KeyColumn column, BigDecimal number, long least, long most) {
    if (number.compareTo(BigDecimal.valueOf(most)) > 0) {
      return null;
    }
    long value = number.max(BigDecimal.valueOf(least)).longValueExact();
    return switch (column.type().getTypeRoot()) {
      case TINYINT -> column.value((byte) value);
      case SMALLINT -> column.value((short) value);
      case INTEGER -> column.value((int) value);
      default -> column.value(value);
    };
  }

  /**
   * Returns the values equal to a time. Flink compares times in whole milliseconds. The values of a
   * column with a greater precision may differ in their nanoseconds and yet be equal.
   */
  private static @Nullable Interval time(KeyColumn column, @Nullable LocalTime constant) {
    if (constant == null) {
      return null;
    }
    int precision = ((TimeType) column.type()).getPrecision();
    LocalTime millis = constant.truncatedTo(ChronoUnit.MILLIS);
    if (precision <= EXACT_TIME) {
      return hasPrecision(millis.getNano(), precision) ? exactly(column, millis) : null;
    }
    Value from = column.value(millis);
    LocalTime next = millis.plus(1, ChronoUnit.MILLIS);
    return new Interval(from, next.isAfter(millis) ? column.value(next) : null);
  }
}
