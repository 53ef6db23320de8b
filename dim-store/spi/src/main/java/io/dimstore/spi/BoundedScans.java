// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/**
 * A table that can read the keys of some ranges without reading others. A scan of any other range
 * reads the whole table and leaves out the rest before it returns the rows. Thread-safe.
 */
public interface BoundedScans {

  /**
   * Returns whether a scan with these options reads just the keys of its range. Sends no request.
   *
   * @param options whose bounds are keys of the table, or null
   */
  boolean isBounded(ScanOptions options);
}
