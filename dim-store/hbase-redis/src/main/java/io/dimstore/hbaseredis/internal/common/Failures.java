// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.common;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.security.sasl.SaslException;
import org.apache.hadoop.hbase.CallDroppedException;
import org.apache.hadoop.hbase.CallQueueTooBigException;
import org.apache.hadoop.hbase.DoNotRetryIOException;
import org.apache.hadoop.hbase.NamespaceNotFoundException;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.apache.hadoop.hbase.TableNotEnabledException;
import org.apache.hadoop.hbase.TableNotFoundException;
import org.apache.hadoop.hbase.client.OperationTimeoutExceededException;
import org.apache.hadoop.hbase.client.RetriesExhaustedException;
import org.apache.hadoop.hbase.exceptions.RequestTooBigException;
import org.apache.hadoop.hbase.exceptions.TimeoutIOException;
import org.apache.hadoop.hbase.ipc.CallTimeoutException;
import org.apache.hadoop.hbase.ipc.FallbackDisallowedException;
import org.apache.hadoop.hbase.ipc.ServerTooBusyException;
import org.apache.hadoop.hbase.quotas.RpcThrottlingException;
import org.apache.hadoop.hbase.regionserver.NoSuchColumnFamilyException;
import org.apache.hadoop.hbase.regionserver.RegionServerStoppedException;
import org.apache.hadoop.hbase.security.AccessDeniedException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** Translates failures of HBase and Redis to {@link StoreException}s (R11). No other class does. */
public final class Failures {

  /**
   * The name of a Sentinel as the server in {@link #of}; messages then name the options for
   * Sentinels.
   */
  public static final String SENTINEL = "Redis Sentinel";

  /** The options that say where HBase is, for the end of a message. */
  static final String HBASE_OPTIONS = " (options 'zookeeper.quorum' and 'zookeeper.znode')";

  /** The options that say where Redis is, for the end of a message. */
  static final String REDIS_OPTIONS =
      " (options 'redis.host' and 'redis.port', 'redis.sentinels' or 'redis.cluster')";

  private static final Pattern OVERSIZED_CELL =
      Pattern.compile("Cell\\[.* with size \\d+ exceeds limit of \\d+ bytes");

  private Failures() {}

  /**
   * Returns the {@link StoreException} for a failure. A {@link StoreException} inside the failure
   * is returned as it is.
   */
  public static StoreException of(String server, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null) {
      return known;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Kind kind = kindOf(cause);
      if (kind != null) {
        return new StoreException(
            kind, server + ": " + message(cause) + remedy(server, cause), failure);
      }
    }
    Throwable shown = failure;
    while ((shown instanceof CompletionException || shown instanceof RetriesExhaustedException)
        && shown.getCause() != null) {
      shown = shown.getCause();
    }
    return new StoreException(
        Kind.UNAVAILABLE, server + ": " + message(shown) + whereabouts(server, shown), failure);
  }

  private static @Nullable Kind kindOf(Throwable cause) {
    if (cause instanceof TableNotFoundException
        || cause instanceof NamespaceNotFoundException
        || cause instanceof NoSuchColumnFamilyException) {
      return Kind.NO_TABLE;
    }
    if (isCutOff(cause)) {
      return Kind.UNAVAILABLE;
    }
    if (cause instanceof AccessDeniedException
        || cause instanceof org.apache.hadoop.security.AccessControlException
        || cause instanceof JedisAccessControlException
        || cause instanceof SSLHandshakeException
        || isKerberos(cause)) {
      return Kind.DENIED;
    }
    if (cause instanceof RegionTooBusyException
        || cause instanceof CallQueueTooBigException
        || cause instanceof CallDroppedException
        || cause instanceof ServerTooBusyException
        || cause instanceof RpcThrottlingException) {
      return Kind.THROTTLED;
    }
    if (cause instanceof CallTimeoutException
        || cause instanceof OperationTimeoutExceededException
        || cause instanceof TimeoutIOException
        || cause instanceof SocketTimeoutException
        || cause instanceof TimeoutException
        || isEndedByLimit(cause)
        || isOfSilentZooKeeper(cause)) {
      return Kind.TIMEOUT;
    }
    if (cause instanceof TableNotEnabledException
        || cause instanceof RegionServerStoppedException) {
      return Kind.UNAVAILABLE;
    }
    if (cause instanceof DoNotRetryIOException
        || cause instanceof IllegalArgumentException
        || isNoTls(cause)
        || isTls(cause)) {
      return Kind.INVALID;
    }
    return null;
  }

  /**
   * Whether HBase refused a batch because one of its cells, or the batch as a whole, is too large.
   * HBase has no exception class for a cell that is too large, so its messages are compared.
   */
  public static boolean isOversized(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      if (cause instanceof RequestTooBigException
          || (cause instanceof IllegalArgumentException && text.equals("KeyValue size too large"))
          || (cause instanceof DoNotRetryIOException && OVERSIZED_CELL.matcher(text).find())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the connection ended during the TLS handshake, before the server could be identified.
   */
  private static boolean isCutOff(Throwable cause) {
    return cause instanceof SSLHandshakeException && cause.getCause() instanceof EOFException;
  }

  /**
   * Whether the time limit ended the attempts of a batch. The HBase client then keeps no reason
   * that a region server gave for single rows.
   */
  private static boolean isEndedByLimit(Throwable cause) {
    return cause instanceof RetriesExhaustedException
        && cause.getCause() == null
        && String.valueOf(cause.getMessage()).startsWith("Failed after attempts=");
  }

  /**
   * Whether a request to ZooKeeper timed out. The HBase client reports this condition with {@link
   * DoNotRetryIOException}, although a retry can succeed.
   */
  private static boolean isOfSilentZooKeeper(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    return cause instanceof DoNotRetryIOException
        && text.startsWith("Zookeeper ")
        && text.contains(" could not be completed in ");
  }

  /** Whether the client used TLS and the server answered in plain text. */
  private static boolean isNoTls(Throwable cause) {
    return cause instanceof SSLException
        && String.valueOf(cause.getMessage()).startsWith("Unsupported or unrecognized SSL message");
  }

  /** Whether the client did not use TLS and the server answered with a TLS alert. */
  private static boolean isTls(Throwable cause) {
    return cause instanceof JedisConnectionException
        && String.valueOf(cause.getMessage()).startsWith("Unknown reply: \u0015");
  }

  /** Whether the Kerberos authentication between the client and an HBase server failed. */
  private static boolean isKerberos(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    return cause instanceof SaslException
        || cause instanceof FallbackDisallowedException
        || text.startsWith("Found no valid authentication method")
        || text.startsWith("Authentication is required");
  }

  /**
   * Returns the end of the message, which names the options that can remedy a failure. It is empty
   * if there are none.
   */
  private static String remedy(String server, Throwable cause) {
    if (isNoTls(cause)) {
      return " (option '" + tlsOption(server) + "' is true, and the server does not speak TLS)";
    }
    if (isTls(cause)) {
      return " (the server speaks TLS: set option '" + tlsOption(server) + "')";
    }
    if (isEndedByLimit(cause)) {
      return " none is known: the time limit ended the attempts";
    }
    if (isOfSilentZooKeeper(cause)) {
      return HBASE_OPTIONS;
    }
    if (cause instanceof SSLHandshakeException) {
      return remedy(String.valueOf(cause.getMessage()));
    }
    if (isKerberos(cause)) {
      return " (options 'kerberos.principal', 'kerberos.keytab' and 'hbase-site')";
    }
    if (cause instanceof JedisAccessControlException) {
      return server.startsWith(SENTINEL)
          ? " (options 'redis.sentinel.user' and 'redis.sentinel.password')"
          : " (options 'redis.user' and 'redis.password')";
    }
    return "";
  }

  /**
   * Names the connection options to check when a server cannot be reached; empty for other
   * failures.
   */
  private static String whereabouts(String server, Throwable failure) {
    if (failure.getClass().getName().contains(".zookeeper.KeeperException")) {
      return HBASE_OPTIONS;
    }
    boolean nowhere =
        failure instanceof JedisConnectionException
            && String.valueOf(failure.getMessage()).startsWith("No connection to ");
    if (!nowhere) {
      return "";
    }
    return server.startsWith(SENTINEL) ? " (option 'redis.sentinels')" : REDIS_OPTIONS;
  }

  private static String remedy(String handshake) {
    if (handshake.startsWith("No subject alternative")
        || handshake.startsWith("No name matching")) {
      return " (the certificate is for another host; see option 'redis.tls.verify-host')";
    }
    if (handshake.startsWith("Received fatal alert")) {
      return " (the server refuses the connection; if it requires a certificate, see option"
          + " 'redis.tls.keystore')";
    }
    return " (no TLS with this server; see option 'redis.tls.ca')";
  }

  /** Returns the name of the option that enables TLS for a server. */
  public static String tlsOption(String server) {
    return server.startsWith(SENTINEL) ? "redis.sentinel.tls" : "redis.tls";
  }

  /** Whether the server reported that it is still loading its data, or that it is a replica. */
  public static boolean isOfServer(Throwable failure) {
    String text = failure instanceof JedisDataException ? failure.getMessage() : null;
    return text != null
        && (text.startsWith("READONLY")
            || text.startsWith("LOADING")
            || text.startsWith("MASTERDOWN"));
  }

  private static String message(Throwable failure) {
    String text = failure.getMessage();
    String line = text == null ? "" : text.lines().findFirst().orElse("");
    return failure.getClass().getSimpleName() + (line.isEmpty() ? "" : " " + line);
  }
}
