// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import io.dimstore.flink.internal.row.TableLayout;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import org.apache.flink.table.expressions.CallExpression;
import org.apache.flink.table.expressions.FieldReferenceExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.expressions.ValueLiteralExpression;
import org.apache.flink.table.functions.BuiltInFunctionDefinitions;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.types.logical.LogicalType;
import org.jspecify.annotations.Nullable;

/**
 * Derives the range of keys that can satisfy a condition. The range may contain keys that the
 * condition excludes, so the condition stays in the plan.
 */
public final class KeyFilter {

  private final String column;
  private final LogicalType type;

  private KeyFilter(String column, LogicalType type) {
    this.column = column;
    this.type = type;
  }

  /**
   * Returns the range of keys to which a condition restricts a table. Returns null if the key has
   * several columns or an unsupported type, or if the condition does not compare the key with a
   * constant.
   */
  static @Nullable public ScannedKeys rangeOf(ResolvedExpression condition, TableLayout layout) {
    if (layout.key().size() != 1) {
      return null;
    }
    int key = layout.key().get(0);
    return new KeyFilter(layout.names().get(key), layout.types().get(key)).rangeOf(condition);
  }

  private @Nullable ScannedKeys rangeOf(ResolvedExpression condition) {
    if (!(condition instanceof CallExpression call) || call.getResolvedChildren().size() != 2) {
      return null;
    }
    List<ResolvedExpression> sides = call.getResolvedChildren();
    if (isKey(sides.get(0)) && sides.get(1) instanceof ValueLiteralExpression literal) {
      return range(call.getFunctionDefinition(), literal);
    }
    if (isKey(sides.get(1)) && sides.get(0) instanceof ValueLiteralExpression literal) {
      return range(mirrored(call.getFunctionDefinition()), literal);
    }
    return null;
  }

  private boolean isKey(ResolvedExpression side) {
    return side instanceof FieldReferenceExpression field && field.getName().equals(column);
  }

  private @Nullable ScannedKeys range(
      FunctionDefinition comparison, ValueLiteralExpression literal) {
    Serializable value = value(literal);
    if (value == null) {
      return null;
    }
    if (comparison == BuiltInFunctionDefinitions.EQUALS) {
      return new ScannedKeys(value, next(value));
    }
    if (comparison == BuiltInFunctionDefinitions.GREATER_THAN
        || comparison == BuiltInFunctionDefinitions.GREATER_THAN_OR_EQUAL) {
      return new ScannedKeys(value, null);
    }
    if (comparison == BuiltInFunctionDefinitions.LESS_THAN) {
      return new ScannedKeys(null, value);
    }
    return comparison == BuiltInFunctionDefinitions.LESS_THAN_OR_EQUAL
        ? new ScannedKeys(null, next(value))
        : null;
  }

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

  /** Returns the constant as a key, or null if it is not a value of the key's type. */
  private @Nullable Serializable value(ValueLiteralExpression literal) {
    if (literal.isNull()) {
      return null;
    }
    return switch (type.getTypeRoot()) {
      case VARCHAR -> literal.getValueAs(String.class).orElse(null);
      case INTEGER, BIGINT -> {
        BigDecimal number = literal.getValueAs(BigDecimal.class).orElse(null);
        yield number == null ? null : whole(number);
      }
      default -> null;
    };
  }

  private @Nullable Serializable whole(BigDecimal number) {
    try {
      return switch (type.getTypeRoot()) {
        case INTEGER -> number.intValueExact();
        default -> number.longValueExact();
      };
    } catch (ArithmeticException e) {
      return null;
    }
  }

  /** Returns the next greater key, or null after the last. */
  private static @Nullable Serializable next(Serializable value) {
    if (value instanceof Integer number) {
      return number == Integer.MAX_VALUE ? null : (Integer) (number + 1);
    }
    if (value instanceof Long number) {
      return number == Long.MAX_VALUE ? null : (Long) (number + 1);
    }
    return value + "\0";
  }
}
