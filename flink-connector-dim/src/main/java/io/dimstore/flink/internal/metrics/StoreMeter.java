// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.internal.registry.MetricRegistry;
import io.dimstore.spi.StoreMetrics;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts the requests of one open store, both for the process and for Flink's reporters.
 *
 * <p>Each user of the store has the gauges in its metric group. Only the first user's gauges report
 * the sums, and the others report 0. When the first user leaves, the next one reports the sums. At
 * any time, the total over all groups therefore counts each request once.
 */
public final class StoreMeter implements StoreMetrics {

  private final String store;
  private final ConcurrentMap<Kind, Both> requests = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> events = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, AtomicLong> gauges = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> notes = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<User> users = new CopyOnWriteArrayList<>();

  private record Kind(String server, Operation operation) {}

  private record Both(RequestCounters ofStore, RequestCounters ofProcess) {}

  /** One user of the store. Compared by identity. */
  public static final class User {
    private final MetricGroup group;

    private User(MetricGroup group) {
      this.group = group;
    }
  }

  public StoreMeter(String store) {
    this.store = store;
  }

  @Override
  public void request(Request request) {
    Kind kind = new Kind(request.server(), request.operation());
    Both both = requests.get(kind);
    if (both == null) {
      both = firstOf(kind);
    }
    both.ofStore().add(request);
    both.ofProcess().add(request);
  }

  @Override
  public void count(String name, long delta) {
    LongAdder event = events.get(name);
    if (event == null) {
      event = firstOf(name);
    }
    event.add(delta);
    MetricRegistry.counter("store." + store + ".events." + name).add(delta);
  }

  @Override
  public void gauge(String name, long value) {
    AtomicLong current = gauges.get(name);
    if (current == null) {
      current = firstGauge(name);
    }
    current.set(value);
    MetricRegistry.gauge("store." + store + ".gauges." + name).set(value);
  }

  @Override
  public void note(String name, String text) {
    MetricRegistry.note("store." + store + "." + name, text);
    if (notes.put(name, text) == null) {
      firstNote(name);
    }
  }

  public synchronized User join(MetricGroup group) {
    User user = new User(group);
    users.add(user);
    requests.forEach((kind, both) -> show(user, kind, both.ofStore()));
    events.forEach((name, sum) -> show(user, "events", name, sum::sum));
    gauges.forEach((name, value) -> show(user, "gauges", name, value::get));
    notes.keySet().forEach(name -> showNote(user, name));
    return user;
  }

  public synchronized void leave(User user) {
    users.remove(user);
  }

  private synchronized Both firstOf(Kind kind) {
    return requests.computeIfAbsent(
        kind,
        ignored -> {
          RequestCounters figures = new RequestCounters();
          users.forEach(user -> show(user, kind, figures));
          return new Both(
              figures,
              RequestCounters.ofProcess(
                  DimMetrics.requests(store, kind.server(), kind.operation())));
        });
  }

  private synchronized LongAdder firstOf(String name) {
    return events.computeIfAbsent(
        name,
        ignored -> {
          LongAdder sum = new LongAdder();
          users.forEach(user -> show(user, "events", name, sum::sum));
          return sum;
        });
  }

  private synchronized AtomicLong firstGauge(String name) {
    return gauges.computeIfAbsent(
        name,
        ignored -> {
          AtomicLong value = new AtomicLong();
          users.forEach(user -> show(user, "gauges", name, value::get));
          return value;
        });
  }

  private synchronized void firstNote(String name) {
    users.forEach(user -> showNote(user, name));
  }

  private void showNote(User user, String name) {
    Gauge<String> gauge = () -> isFirst(user) ? notes.getOrDefault(name, "") : "";
    user.group.addGroup("dim").addGroup(store).addGroup("notes").gauge(name, gauge);
  }

  private void show(User user, Kind kind, RequestCounters figures) {
    MetricGroup group =
        user.group
            .addGroup("dim")
            .addGroup(store)
            .addGroup(kind.server())
            .addGroup(kind.operation().name().toLowerCase(Locale.ROOT));
    figures.forEach((figure, sum) -> group.gauge(figure, whileFirst(user, sum)));
  }

  private void show(User user, String kind, String name, Supplier<Number> figure) {
    user.group.addGroup("dim").addGroup(store).addGroup(kind).gauge(name, whileFirst(user, figure));
  }

  private Gauge<Number> whileFirst(User user, Supplier<Number> sum) {
    return () -> isFirst(user) ? sum.get() : zeroOf(sum.get());
  }

  private boolean isFirst(User user) {
    return users.indexOf(user) == 0;
  }

  private static Number zeroOf(Number sum) {
    return sum instanceof Double ? (Number) 0.0 : (Number) 0L;
  }
}
