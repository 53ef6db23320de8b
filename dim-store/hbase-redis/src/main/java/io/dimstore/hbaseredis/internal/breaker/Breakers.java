// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.breaker;

import io.dimstore.hbaseredis.internal.common.Meter;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The breakers of all servers in use, and their metrics. Thread-safe. */
public final class Breakers implements Breaker.Listener {

  private static final Logger LOG = LoggerFactory.getLogger(Breakers.class);

  private final Meter meter;
  private final SlowAnswers slow;
  private final List<Breaker> current = new CopyOnWriteArrayList<>();

  public Breakers(Meter meter, SlowAnswers slow) {
    this.meter = meter;
    this.slow = slow;
    report();
  }

  public Collection<Breaker> current() {
    return Collections.unmodifiableCollection(current);
  }

  public void adopt(Breaker breaker) {
    current.add(breaker);
    report();
  }

  /** Removes the breaker of a server that is no longer in use; its state no longer counts. */
  public void retire(Breaker breaker) {
    boolean wasStopped = breaker.retire();
    if (current.remove(breaker) && wasStopped) {
      meter.count("breaker.close", 1);
    }
    report();
  }

  @Override
  public void changed() {
    report();
  }

  @Override
  public void slowed() {
    meter.count("breaker.slow", 1);
  }

  @Override
  public void stopped(String server, @Nullable String why) {
    LOG.warn("HBase answers lookups without {}: {}", server, why);
    meter.count("breaker.open", 1);
  }

  @Override
  public void closed(String server) {
    meter.count("breaker.close", 1);
    LOG.info("{} is in use again", server);
  }

  /**
   * Reports the worst state of all servers, and the number of servers that reads are not sent to.
   */
  private synchronized void report() {
    int worst = 0;
    int open = 0;
    for (Breaker breaker : current) {
      Breaker.State state = breaker.state();
      worst = Math.max(worst, state.gauge());
      open += breaker.isRead() ? 0 : 1;
    }
    slow.hbaseAnswers(open > 0);
    meter.gauge("breaker.state", worst);
    meter.gauge("breaker.servers", open);
  }
}
