// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.options;

/** The encoding of keys as row keys. */
public enum KeyEncoding {
  /** The bytes that the stock connector writes for the only key column. */
  STOCK,
  /** The bytes of {@code KeyCodec}, for any key columns; they sort as the keys do. */
  ORDERED
}
