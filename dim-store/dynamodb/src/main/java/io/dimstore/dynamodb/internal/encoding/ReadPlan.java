// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.spi.Column;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that a read requests: the primary key, the projected columns, and the system
 * attributes that say whether the row is present. The expression uses placeholders, since any name
 * may be a reserved word.
 *
 * @param expression the projection expression, or null to read whole items because it would be
 *     longer than the service allows
 * @param names the attribute names by placeholder
 * @param columns the names of the projected columns, in the order of the rows
 * @param codecs the codecs of these columns
 */
public record ReadPlan(
    @Nullable String expression, Map<String, String> names, String[] columns, ValueCodec[] codecs) {

  private static final int MAX_EXPRESSION_BYTES = 4096;

  static ReadPlan of(
      KeyLayout key, List<Column> values, ValueCodec[] codecs, Projection projection) {
    Map<String, String> names = new LinkedHashMap<>();
    key.attributes().forEach(attribute -> add(names, attribute.name()));
    add(names, SystemAttributes.VERSION);
    add(names, SystemAttributes.EXPIRY);
    add(names, SystemAttributes.DELETED);
    add(names, SystemAttributes.TIME_TO_LIVE);
    String[] columns = new String[projection.size()];
    ValueCodec[] projected = new ValueCodec[projection.size()];
    for (int i = 0; i < columns.length; i++) {
      int index = projection.index(i);
      if (index < 0 || index >= values.size()) {
        throw StoreException.invalid(
            "The projection contains column " + index + " of " + values.size());
      }
      columns[i] = values.get(index).name();
      projected[i] = codecs[index];
      add(names, columns[i]);
    }
    String expression = String.join(",", names.keySet());
    return expression.length() > MAX_EXPRESSION_BYTES
        ? new ReadPlan(null, Map.of(), columns, projected)
        : new ReadPlan(expression, names, columns, projected);
  }

  private static void add(Map<String, String> names, String attribute) {
    names.put(placeholder(names.size()), attribute);
  }

  /** Returns the placeholder of an attribute; those of the primary key come first. */
  static String placeholder(int index) {
    return "#" + Integer.toString(index, 36);
  }
}
