package io.dimstore.dynamodb;

import io.dimstore.spi.Column;
import io.dimstore.spi.Projection;
import io.dimstore.spi.StoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a read asks for: the attributes of the primary key, of the projected columns and those that
 * decide. Names go through placeholders, since any may be a reserved word.
 *
 * @param expression the projection expression, or null to ask for whole items where it would be
 *     longer than the service takes
 * @param names the placeholders in the expression
 * @param columns the names of the projected columns, in the order of the rows
 * @param codecs the codecs of these columns
 */
record ReadPlan(
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
            "The projection asks for column " + index + " of " + values.size());
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
    names.put("#" + Integer.toString(names.size(), 36), attribute);
  }
}
