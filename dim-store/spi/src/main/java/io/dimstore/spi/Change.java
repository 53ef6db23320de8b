package io.dimstore.spi;

/** One versioned change of one row: what is written, scanned and followed. */
public sealed interface Change permits Put, Delete {

  /** The key of the row. */
  Key key();

  /** The version, 0 to {@link Versions#MAX}; of two changes to a key the higher one stands. */
  long version();
}
