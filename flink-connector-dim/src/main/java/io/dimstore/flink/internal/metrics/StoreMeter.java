// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.metrics;

import io.dimstore.flink.DimMetrics;
import io.dimstore.flink.internal.registry.MetricRegistry;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts what one open store reports, both for the process and for Flink's reporters. A report
 * under a known name neither waits nor allocates.
 *
 * <p>Each user of the store has the metrics in its metric group. Only those of the first user
 * report the values, and the others report 0. When the first user leaves, the next one reports the
 * current gauges, and what is counted from then on. The total over all groups therefore counts each
 * request once, and a rate that is computed from it does not jump.
 */
public final class StoreMeter implements StoreMetrics {

  private final String store;

  /** For each operation, the counters of each server. */
  private final Map<Operation, ConcurrentMap<String, Requests>> requests =
      new EnumMap<>(Operation.class);

  private final ConcurrentMap<String, Event> events = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Value> gauges = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, ConcurrentMap<String, Value>> gaugesOfTables =
      new ConcurrentHashMap<>();
  private final ConcurrentMap<String, String> notes = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, TableCounters> tables = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<User> users = new CopyOnWriteArrayList<>();

  private record Requests(RequestCounters ofStore, RequestCounters ofProcess) {}

  private record Event(LongAdder ofStore, LongAdder ofProcess) {}

  private record Value(AtomicLong ofStore, AtomicLong ofProcess) {

    private void set(long value) {
      ofStore.set(value);
      ofProcess.set(value);
    }
  }

  /** One user of the store. Compared by identity. */
  public static final class User {
    private final MetricGroup group;
    private final List<Counted> counted = new ArrayList<>();

    private User(MetricGroup group) {
      this.group = group;
    }
  }

  /** A sum in the group of a user. */
  private final class Counted implements Gauge<Number> {
    private final User user;
    private final Supplier<Number> sum;
    private volatile Number before;

    private Counted(User user, Supplier<Number> sum) {
      this.user = user;
      this.sum = sum;
      this.before = zeroOf(sum.get());
    }

    private void beginAgain() {
      before = sum.get();
    }

    @Override
    public Number getValue() {
      Number now = sum.get();
      if (!isFirst(user)) {
        return zeroOf(now);
      }
      return now instanceof Double
          ? (Number) (now.doubleValue() - before.doubleValue())
          : (Number) (now.longValue() - before.longValue());
    }
  }

  /**
   * Creates a meter.
   *
   * @param declared what the store reports; its counts are shown from now on, with 0
   */
  public StoreMeter(String store, Collection<StoreMetric> declared) {
    this.store = store;
    for (Operation operation : Operation.values()) {
      requests.put(operation, new ConcurrentHashMap<>());
    }
    for (StoreMetric metric : declared) {
      if (metric.kind() == StoreMetric.Kind.COUNT) {
        count(metric.name(), 0);
      }
    }
  }

  /** Returns the counters of a table. */
  public TableCounters table(String name) {
    TableCounters counters = tables.get(name);
    return counters == null ? firstTable(name) : counters;
  }

  @Override
  public void request(Request request) {
    Requests known = ofOperation(request.operation()).get(request.server());
    if (known == null) {
      known = firstRequest(request.server(), request.operation());
    }
    known.ofStore().add(request);
    known.ofProcess().add(request);
  }

  @Override
  public void count(String name, long delta) {
    Event event = events.get(name);
    if (event == null) {
      event = firstEvent(name);
    }
    event.ofStore().add(delta);
    event.ofProcess().add(delta);
  }

  @Override
  public void gauge(String name, long value) {
    Value gauge = gauges.get(name);
    if (gauge == null) {
      gauge = firstGauge(name);
    }
    gauge.set(value);
  }

  @Override
  public void gauge(String name, String table, long value) {
    ConcurrentMap<String, Value> ofTable = gaugesOfTables.get(table);
    Value gauge = ofTable == null ? null : ofTable.get(name);
    if (gauge == null) {
      gauge = firstGauge(name, table);
    }
    gauge.set(value);
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
    for (Operation operation : Operation.values()) {
      ofOperation(operation)
          .forEach((server, known) -> show(user, server, operation, known.ofStore()));
    }
    events.forEach((name, event) -> show(user, name, event));
    gauges.forEach((name, value) -> show(user, name, value));
    gaugesOfTables.forEach(
        (table, values) -> values.forEach((name, value) -> show(user, name, table, value)));
    tables.values().forEach(counters -> show(user, counters));
    notes.keySet().forEach(name -> showNote(user, name));
    return user;
  }

  public synchronized void leave(User user) {
    boolean reported = isFirst(user);
    users.remove(user);
    if (reported && !users.isEmpty()) {
      users.get(0).counted.forEach(Counted::beginAgain);
    }
  }

  private ConcurrentMap<String, Requests> ofOperation(Operation operation) {
    return Objects.requireNonNull(requests.get(operation));
  }

  private synchronized Requests firstRequest(String server, Operation operation) {
    return ofOperation(operation)
        .computeIfAbsent(
            server,
            ignored -> {
              RequestCounters counters = new RequestCounters();
              users.forEach(user -> show(user, server, operation, counters));
              return new Requests(
                  counters,
                  RequestCounters.ofProcess(DimMetrics.requests(store, server, operation)));
            });
  }

  private synchronized Event firstEvent(String name) {
    return events.computeIfAbsent(
        name,
        ignored -> {
          Event event =
              new Event(
                  new LongAdder(), MetricRegistry.counter("store." + store + ".events." + name));
          users.forEach(user -> show(user, name, event));
          return event;
        });
  }

  private synchronized Value firstGauge(String name) {
    return gauges.computeIfAbsent(
        name,
        ignored -> {
          Value value = value(name);
          users.forEach(user -> show(user, name, value));
          return value;
        });
  }

  private synchronized Value firstGauge(String name, String table) {
    return gaugesOfTables
        .computeIfAbsent(table, ignored -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            name,
            ignored -> {
              Value value = value(name + "." + table);
              users.forEach(user -> show(user, name, table, value));
              return value;
            });
  }

  private Value value(String name) {
    return new Value(new AtomicLong(), MetricRegistry.gauge("store." + store + ".gauges." + name));
  }

  private synchronized TableCounters firstTable(String name) {
    return tables.computeIfAbsent(
        name,
        ignored -> {
          TableCounters counters = new TableCounters(store, name);
          users.forEach(user -> show(user, counters));
          return counters;
        });
  }

  private synchronized void firstNote(String name) {
    users.forEach(user -> showNote(user, name));
  }

  private void showNote(User user, String name) {
    Gauge<String> gauge = () -> isFirst(user) ? notes.getOrDefault(name, "") : "";
    ConnectorMetric.group(user.group, store).addGroup("notes").gauge(name, gauge);
  }

  private void show(User user, String server, Operation operation, RequestCounters counters) {
    MetricGroup group =
        ConnectorMetric.group(user.group, store)
            .addGroup("server", server)
            .addGroup("operation", ConnectorMetric.lowerCase(operation));
    counters.forEach((name, sum) -> group.gauge(name, counted(user, sum)));
  }

  private void show(User user, String name, Event event) {
    ConnectorMetric.group(user.group, store)
        .addGroup("events")
        .gauge(name, counted(user, event.ofStore()::sum));
  }

  private void show(User user, String name, Value value) {
    ConnectorMetric.group(user.group, store)
        .addGroup("gauges")
        .gauge(name, whileFirst(user, value));
  }

  private void show(User user, String name, String table, Value value) {
    ConnectorMetric.group(user.group, store, table)
        .addGroup("gauges")
        .gauge(name, whileFirst(user, value));
  }

  private void show(User user, TableCounters counters) {
    counters.show(
        ConnectorMetric.group(user.group, store, counters.table()),
        new TableCounters.Shown() {
          @Override
          public void sum(MetricGroup group, String name, Supplier<Number> sum) {
            group.gauge(name, counted(user, sum));
          }

          @Override
          public void level(MetricGroup group, String name, LongSupplier level) {
            group.gauge(name, whileFirst(user, level));
          }
        });
  }

  private Gauge<Number> counted(User user, Supplier<Number> sum) {
    Counted counted = new Counted(user, sum);
    user.counted.add(counted);
    return counted;
  }

  private Gauge<Long> whileFirst(User user, Value value) {
    return whileFirst(user, value.ofStore()::get);
  }

  private Gauge<Long> whileFirst(User user, LongSupplier level) {
    return () -> isFirst(user) ? level.getAsLong() : 0;
  }

  private boolean isFirst(User user) {
    return users.indexOf(user) == 0;
  }

  private static Number zeroOf(Number sum) {
    return sum instanceof Double ? (Number) 0.0 : (Number) 0L;
  }
}
