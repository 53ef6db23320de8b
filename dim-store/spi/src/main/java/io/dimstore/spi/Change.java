package io.dimstore.spi;

/** x. */
public interface Change {
  /** Returns x. */
  default Object x() {
    return null;
  }
}
