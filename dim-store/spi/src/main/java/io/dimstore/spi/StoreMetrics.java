// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import org.jspecify.annotations.Nullable;

/**
 * Receives what a store does. Implementations are thread-safe, return at once and throw nothing.
 * The comparison of stores computes requests per event from these calls. So every store makes one
 * call of {@link #request} per request that it sent to a server.
 */
@FunctionalInterface
public interface StoreMetrics {

  /** Ignores everything. */
  StoreMetrics NONE = request -> {};

  /** Reports a request to a server that has ended. */
  void request(Request request);

  /**
   * Adds to a counter, for instance {@code fill} or {@code throttled}. Every name is one that the
   * store's factory {@linkplain DimensionStoreFactory#metrics declares}; so is that of a gauge and
   * of a note.
   */
  default void count(String name, long delta) {}

  /** Sets the current value of a gauge, for instance {@code breaker.state}. */
  default void gauge(String name, long value) {}

  /**
   * Sets the current value of a gauge that each table has, for instance {@code backlog.keys}. The
   * default sets the gauge {@code <name>.<table>}.
   */
  default void gauge(String name, String table, long value) {
    gauge(name + "." + table, value);
  }

  /**
   * Sets the current text of a note, for instance {@code hot-keys.dim_user}. A note never contains
   * secrets. It contains data of rows or keys only if an option enables that.
   */
  default void note(String name, String text) {}

  /** What a request was for. */
  enum Operation {
    GET,
    WRITE,
    SCAN,
    ADMIN
  }

  /**
   * One request.
   *
   * @param server the server, for instance {@code redis}, {@code hbase}, {@code dynamodb}
   * @param operation what the request was for
   * @param keys the number of keys or entries that the request sent or returned
   * @param bytes payload bytes, as far as the client knows them; otherwise 0
   * @param nanos nanoseconds from request to response
   * @param retries how many times the client sent the request again
   * @param readUnits read capacity units that the server bills; 0 if it bills none
   * @param writeUnits write capacity units that the server bills; 0 if it bills none
   * @param computed whether the units were computed from the server's documentation, because the
   *     server did not report them
   * @param failure the kind of failure, or null if the request succeeded
   */
  record Request(
      String server,
      Operation operation,
      int keys,
      long bytes,
      long nanos,
      int retries,
      double readUnits,
      double writeUnits,
      boolean computed,
      StoreException.@Nullable Kind failure) {

    /** Creates a request whose units, if any, were reported by the server. */
    public Request(
        String server,
        Operation operation,
        int keys,
        long bytes,
        long nanos,
        int retries,
        double readUnits,
        double writeUnits,
        StoreException.@Nullable Kind failure) {
      this(server, operation, keys, bytes, nanos, retries, readUnits, writeUnits, false, failure);
    }
  }
}
