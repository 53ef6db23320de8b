package io.dimstore.spi;

/** A table that can say, without asking its server, what an entry takes of it. */
public interface Sizing {

  /**
   * What the entry of a change takes.
   *
   * @throws StoreException INVALID, naming the key, for a change that the table cannot hold
   */
  Size sizeOf(Change change);

  /**
   * The size of an entry as its server counts it.
   *
   * @param bytes its bytes
   * @param readUnits the units of reading it by its key
   * @param writeUnits the units of writing it where it is no smaller than what it replaces
   */
  record Size(int bytes, double readUnits, double writeUnits) {}
}
