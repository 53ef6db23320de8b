package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.hbase.CallDroppedException;
import org.apache.hadoop.hbase.CallQueueTooBigException;
import org.apache.hadoop.hbase.DoNotRetryIOException;
import org.apache.hadoop.hbase.NamespaceNotFoundException;
import org.apache.hadoop.hbase.RegionTooBusyException;
import org.apache.hadoop.hbase.TableNotEnabledException;
import org.apache.hadoop.hbase.TableNotFoundException;
import org.apache.hadoop.hbase.client.OperationTimeoutExceededException;
import org.apache.hadoop.hbase.exceptions.TimeoutIOException;
import org.apache.hadoop.hbase.ipc.CallTimeoutException;
import org.apache.hadoop.hbase.ipc.ServerTooBusyException;
import org.apache.hadoop.hbase.quotas.RpcThrottlingException;
import org.apache.hadoop.hbase.regionserver.NoSuchColumnFamilyException;
import org.apache.hadoop.hbase.regionserver.RegionServerStoppedException;
import org.apache.hadoop.hbase.security.AccessDeniedException;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisAccessControlException;

/** The one place where failures of HBase and Redis become {@link StoreException}s (R11). */
final class Failures {

  private Failures() {}

  /** What a failure is; one of ours inside wrappers stays as it is. */
  static StoreException of(String server, Throwable failure) {
    StoreException known = StoreException.find(failure);
    if (known != null) {
      return known;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Kind kind = kindOf(cause);
      if (kind != null) {
        return new StoreException(kind, server + ": " + message(cause), failure);
      }
    }
    Throwable shown = failure;
    while (shown instanceof CompletionException && shown.getCause() != null) {
      shown = shown.getCause();
    }
    return new StoreException(Kind.UNAVAILABLE, server + ": " + message(shown), failure);
  }

  private static @Nullable Kind kindOf(Throwable cause) {
    if (cause instanceof TableNotFoundException
        || cause instanceof NamespaceNotFoundException
        || cause instanceof NoSuchColumnFamilyException) {
      return Kind.NO_TABLE;
    }
    if (cause instanceof AccessDeniedException
        || cause instanceof org.apache.hadoop.security.AccessControlException
        || cause instanceof JedisAccessControlException) {
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
        || cause instanceof TimeoutException) {
      return Kind.TIMEOUT;
    }
    if (cause instanceof TableNotEnabledException
        || cause instanceof RegionServerStoppedException) {
      return Kind.UNAVAILABLE;
    }
    if (cause instanceof DoNotRetryIOException || cause instanceof IllegalArgumentException) {
      return Kind.INVALID;
    }
    return null;
  }

  private static String message(Throwable failure) {
    String text = failure.getMessage();
    String line = text == null ? "" : text.lines().findFirst().orElse("");
    return failure.getClass().getSimpleName() + (line.isEmpty() ? "" : " " + line);
  }
}
