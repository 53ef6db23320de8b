// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.breaker.SlowAnswers;
import io.dimstore.hbaseredis.internal.script.ScriptCall;
import io.dimstore.spi.StoreMetrics.Operation;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.params.ScanParams;

/**
 * The nodes of one installation together with its {@link RedisSetup}. Thread-safe.
 *
 * @param nodes send the requests
 * @param setup what does not depend on the kind of installation; this object closes its timer
 */
record ConfiguredServers(RedisNodes nodes, RedisSetup setup) implements RedisServers {

  @Override
  public CompletableFuture<List<byte @Nullable []>> values(
      List<byte[]> names, RequestPurpose purpose) {
    return nodes.values(names, purpose);
  }

  @Override
  public <T> CompletableFuture<T> run(
      Operation operation, ScriptCall<T> call, RequestPurpose purpose) {
    return nodes.run(operation, call, purpose);
  }

  @Override
  public CompletableFuture<Found> scan(
      String cursor, ScanParams params, int count, RequestPurpose purpose) {
    return nodes.scan(cursor, params, count, purpose);
  }

  @Override
  public CompletableFuture<Void> ping() {
    return nodes.ping();
  }

  @Override
  public boolean allow(RequestPurpose purpose) {
    return purpose.allows(nodes.breaker());
  }

  @Override
  public Collection<Breaker> breakers() {
    return setup.breakers().current();
  }

  @Override
  public SlowAnswers slow() {
    return setup.slow();
  }

  @Override
  public Duration timeout() {
    return setup.timeout();
  }

  @Override
  public void close() {
    nodes.close();
    setup.timer().close();
  }
}
