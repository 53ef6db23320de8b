// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.breaker.Breaker;
import io.dimstore.hbaseredis.internal.breaker.RequestPurpose;
import io.dimstore.hbaseredis.internal.breaker.SlowAnswers;
import java.time.Duration;
import java.util.Collection;

/** The part of {@link RedisServers} that depends only on the {@link RedisSetup}. Thread-safe. */
abstract class AbstractRedisServers implements RedisServers {

  private final RedisSetup setup;

  AbstractRedisServers(RedisSetup setup) {
    this.setup = setup;
  }

  /** Returns the breaker that decides whether requests may be sent at all. */
  abstract Breaker breaker();

  /** Closes all connections, and returns when their threads have ended. */
  abstract void closeConnections();

  @Override
  public final boolean allow(RequestPurpose purpose) {
    return purpose.allows(breaker());
  }

  @Override
  public final Collection<Breaker> breakers() {
    return setup.breakers().current();
  }

  @Override
  public final SlowAnswers slow() {
    return setup.slow();
  }

  @Override
  public final Duration timeout() {
    return setup.timeout();
  }

  @Override
  public final void close() {
    closeConnections();
    setup.timer().close();
  }
}
