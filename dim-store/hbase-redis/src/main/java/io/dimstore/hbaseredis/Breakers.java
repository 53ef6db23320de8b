package io.dimstore.hbaseredis;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The breakers of all servers in use, and what the metrics say of them. Thread-safe. */
final class Breakers {

  private final Meter meter;
  private final List<Breaker> current = new CopyOnWriteArrayList<>();

  Breakers(Meter meter) {
    this.meter = meter;
    report();
  }

  Meter meter() {
    return meter;
  }

  Collection<Breaker> current() {
    return Collections.unmodifiableCollection(current);
  }

  void adopt(Breaker breaker) {
    current.add(breaker);
    report();
  }

  /** A server that is no longer in use: its state is no one's any more. */
  void retire(Breaker breaker) {
    if (current.remove(breaker) && breaker.state() != Breaker.State.CLOSED) {
      meter.count("breaker.close", 1);
    }
    report();
  }

  /** Reports the worst state of all, and how many servers are not read from. */
  synchronized void report() {
    int worst = 0;
    int open = 0;
    for (Breaker breaker : current) {
      Breaker.State state = breaker.state();
      worst = Math.max(worst, state.gauge());
      open += breaker.isRead() ? 0 : 1;
    }
    meter.gauge("breaker.state", worst);
    meter.gauge("breaker.servers", open);
  }
}
