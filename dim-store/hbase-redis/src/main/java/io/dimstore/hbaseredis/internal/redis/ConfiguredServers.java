// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.time.Duration;
import java.util.Collection;

/**
 * The common part of one master and a cluster: the settings and objects that all connections share.
 */
abstract class ConfiguredServers implements RedisServers {

  private final RedisSetup setup;

  ConfiguredServers(RedisSetup setup) {
    this.setup = setup;
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

  /** Fails pending requests CLOSED and ends all connections. */
  abstract void closeConnections();

  @Override
  public final void close() {
    closeConnections();
    setup.timer().close();
  }
}
