// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import io.dimstore.spi.support.BlockingCalls;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A blocking client of a server that keeps the entries of each table in the order of their keys,
 * compared as unsigned bytes. {@link OrderedStore} makes a store of it.
 *
 * <p>A connection serves one call at a time; there are as many as calls run. A call on a table that
 * does not exist may fail in any way, because {@link #declaration} is called first. Exceptions
 * other than {@link io.dimstore.spi.StoreException} are mapped by {@link #failureOf}.
 *
 * @param <C> a connection of the client. That of an embedded database may be the open database: the
 *     first {@link #connect} opens it, and the last {@link #close} closes it. Several stores of one
 *     process may be open on it at the same time
 */
public interface OrderedClient<C> extends BlockingCalls.Client<C> {

  /** Checks that the server answers. */
  void ping(C connection) throws Exception;

  /** Creates a table, unless there is one of this name, and keeps the declaration with it. */
  void create(C connection, String table, String declaration) throws Exception;

  /** Returns the declaration that a table was created with, or null if there is no such table. */
  @Nullable String declaration(C connection, String table) throws Exception;

  /** Passes on the entries that are stored under these distinct keys, in any order. */
  void read(C connection, String table, List<byte[]> keys, Consumer<Entry> found) throws Exception;

  /**
   * Passes on the first entries of a range, in order. Entries that have ended count.
   *
   * @param from inclusive
   * @param to exclusive and above {@code from}, or null for the end of the table
   */
  void scan(
      C connection,
      String table,
      byte[] from,
      byte @Nullable [] to,
      int limit,
      Consumer<Entry> found)
      throws Exception;

  /**
   * Returns at most {@code parts - 1} ascending keys that divide a range into parts of about the
   * same size.
   */
  List<byte[]> bounds(C connection, String table, byte[] from, byte @Nullable [] to, int parts)
      throws Exception;

  /**
   * Applies each entry if it replaces the stored one, see {@link Entry#replaces}. The server
   * compares in the same step in which it writes. Entries may be applied in part if the call fails.
   *
   * @param entries entries of distinct keys, in the order of their keys
   * @return how many were applied
   */
  int apply(C connection, String table, List<Entry> entries, long nowMillis) throws Exception;

  /**
   * Removes at most this many entries that have ended. It is called now and then after a write,
   * whose success does not depend on it: a failure is ignored.
   */
  void sweep(C connection, String table, long nowMillis, int most) throws Exception;

  /** Returns the most characters that the server takes for the name of a table. */
  default int maxName() {
    return Integer.MAX_VALUE;
  }

  /** Returns the most bytes that the server takes for a key or a row. */
  default int maxBytes() {
    return Integer.MAX_VALUE;
  }
}
