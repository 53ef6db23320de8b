// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import org.jspecify.annotations.Nullable;

/**
 * What a scan reads. A range often consists of the keys whose first columns have given values;
 * {@link io.dimstore.spi.support.KeyBounds} computes its bounds.
 *
 * @param columns the value columns to read
 * @param from the first key, inclusive, or null for the lowest; keys are compared as {@link
 *     KeyCodec} orders them
 * @param to the end of the keys, exclusive, or null for the end of the table
 * @param tombstones whether tombstones and expired rows are returned too, as {@link Delete}s
 */
public record ScanOptions(
    Projection columns, @Nullable Key from, @Nullable Key to, boolean tombstones) {

  /** Returns options to read the present rows of the whole table. */
  public static ScanOptions rows(Projection columns) {
    return new ScanOptions(columns, null, null, false);
  }
}
