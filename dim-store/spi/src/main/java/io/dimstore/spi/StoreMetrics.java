package io.dimstore.spi;

import org.jspecify.annotations.Nullable;

/**
 * Is told of what a store does. Implementations are thread-safe, return at once and throw nothing.
 * The comparison counts requests per event from these calls, so every store reports alike: one call
 * per request that went to a server.
 */
@FunctionalInterface
public interface StoreMetrics {

  /** Ignores everything. */
  StoreMetrics NONE = request -> {};

  /** One request to a server has ended. */
  void request(Request request);

  /** Something countable happened, for instance {@code fill} or {@code throttled}. */
  default void count(String name, long delta) {}

  /** Something has this value from now on, for instance {@code breaker.state}. */
  default void gauge(String name, long value) {}

  /**
   * Something reads so from now on, for instance {@code hot-keys.dim_user}. Never a secret; what is
   * in the rows or their keys only where an option asks for it.
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
   * @param server which server was asked, for instance {@code redis}, {@code hbase}, {@code
   *     dynamodb}
   * @param operation what for
   * @param keys how many keys or entries the request held or returned
   * @param bytes payload bytes, as far as the client knows them; 0 where it does not
   * @param nanos from send to answer
   * @param retries how often the client sent it again
   * @param readUnits read capacity units that the server bills; 0 where it bills none
   * @param writeUnits write capacity units that the server bills; 0 where it bills none
   * @param computed whether the units follow from the server's documentation, where it did not say
   *     itself what it bills
   * @param failure how it failed, or null
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

    /** A request whose units, if any, are the server's own figures. */
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
