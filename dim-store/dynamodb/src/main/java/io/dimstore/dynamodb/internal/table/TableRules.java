// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import io.dimstore.dynamodb.internal.encoding.NestedCodecs;
import io.dimstore.dynamodb.internal.encoding.SystemAttributes;
import io.dimstore.spi.Column;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Checks that DynamoDB and the item layout support the names and types of a table. */
public final class TableRules {

  private static final Pattern TABLE_NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");
  private static final int MAX_KEY_NAME_BYTES = 255;
  private static final int MAX_NAME_BYTES = 65_535;
  private static final int MAX_DEPTH = 32;

  private TableRules() {}

  /**
   * Fails INVALID for a table that cannot be stored.
   *
   * @param tableName the name of the table in DynamoDB, prefix included
   */
  public static void check(TableSpec spec, String tableName) {
    if (!TABLE_NAME.matcher(tableName).matches()) {
      throw StoreException.invalid(
          "DynamoDB does not allow the table name '"
              + tableName
              + "': a name has 3 to 255 of the characters a-z, A-Z, 0-9, '_', '-' and '.'.");
    }
    for (Column column : spec.columns()) {
      String name = column.name();
      if (name.startsWith(SystemAttributes.PREFIX)) {
        throw StoreException.invalid(
            "Column "
                + name
                + " of table "
                + spec.name()
                + ": names that begin with "
                + SystemAttributes.PREFIX
                + " are reserved for the store.");
      }
      int most = spec.keyColumns().contains(name) ? MAX_KEY_NAME_BYTES : MAX_NAME_BYTES;
      if (name.getBytes(StandardCharsets.UTF_8).length > most) {
        throw StoreException.invalid(
            "Table " + spec.name() + " has a column whose name is longer than " + most + " bytes");
      }
      if (NestedCodecs.depth(column.type()) > MAX_DEPTH) {
        throw StoreException.invalid(
            "Column "
                + name
                + " of table "
                + spec.name()
                + " nests deeper than "
                + MAX_DEPTH
                + " lists and maps.");
      }
    }
  }
}
