// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * A named, typed column of a table, or field of a row.
 *
 * @param name not empty; case-sensitive
 * @param type its type
 */
public record Column(String name, DataType type) {

  /** Refuses an empty name. */
  public Column {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("A column needs a name");
    }
  }
}
