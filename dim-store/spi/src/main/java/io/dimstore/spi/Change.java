// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

/** One versioned change of one row. Stores write, scan and follow changes. */
public sealed interface Change permits Put, Delete {

  /** The key of the row. */
  Key key();

  /** The version, 0 to {@link Versions#MAX}; of two changes to a key the higher one wins. */
  long version();
}
