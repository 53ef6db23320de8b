// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.redis.RedisServers.Found;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.ScanParams;

/**
 * Sends requests to a single master or to a cluster. {@link RedisServers} describes the requests.
 * Thread-safe.
 */
interface RedisNodes {

  /** See {@link RedisServers#values}. */
  CompletableFuture<List<byte @Nullable []>> values(List<byte[]> names, RequestPurpose purpose);

  /** See {@link RedisServers#run}. */
  <T> CompletableFuture<T> run(Operation operation, ScriptCall<T> call, RequestPurpose purpose);

  /** See {@link RedisServers#scan}. */
  CompletableFuture<Found> scan(
      String cursor, ScanParams params, int count, RequestPurpose purpose);

  /** See {@link RedisServers#ping}. */
  CompletableFuture<Void> ping();

  /** Returns the breaker that decides whether requests may be sent at all. */
  Breaker breaker();

  /** Closes all connections, and returns when their threads have ended. */
  void close();
}
