// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption.Scope;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.Admission;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two open stores as one. Thread-safe. */
public final class MirrorStore implements DimensionStore {

  private static final Logger LOG = LoggerFactory.getLogger(MirrorStore.class);

  private static final Duration MOST_CREATION = Duration.ofMinutes(10);

  private final OpenSide from;
  private final OpenSide to;
  private final SharedRecords records;
  private final MirrorSettings settings;
  private final StoreMetrics metrics;
  private final Admission admission;
  private final Admission creation;
  private final String process = UUID.randomUUID().toString();
  private final Map<String, ModeWatch> watches = new ConcurrentHashMap<>();
  private final Map<String, KeyOrder> orders = new ConcurrentHashMap<>();
  private final Map<TableSpec, TableContext> contexts = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor timer;

  private MirrorStore(
      OpenSide from,
      OpenSide to,
      SharedRecords records,
      MirrorSettings settings,
      StoreConfig config,
      StoreMetrics metrics) {
    this.from = from;
    this.to = to;
    this.records = records;
    this.settings = settings;
    this.metrics = metrics;
    this.admission = Admission.of(MirrorOptions.ID, config);
    // The sides have time limits of their own for the creation of a table.
    this.creation = new Admission("Store 'mirror'", Integer.MAX_VALUE, MOST_CREATION);
    this.timer = new ScheduledThreadPoolExecutor(1, MirrorStore::thread);
    timer.setRemoveOnCancelPolicy(true);
  }

  /**
   * Opens both stores.
   *
   * @throws StoreException INVALID for options that are unknown or do not fit together
   */
  public static MirrorStore open(StoreConfig config, StoreMetrics metrics, InstantSource clock) {
    MirrorSettings settings = MirrorSettings.of(config);
    OpenSide from = OpenSide.open(Side.FROM, config, metrics, clock);
    OpenSide to = null;
    try {
      to = OpenSide.open(Side.TO, config, metrics, clock);
      SharedRecords records = to.records();
      if (records == null) {
        throw StoreException.invalid(
            "Store '"
                + config.get(MirrorOptions.TO_STORE)
                + "' of option 'to.store' keeps no shared records, in which the mode of each table"
                + " is stored");
      }
      return new MirrorStore(from, to, records, settings, config, metrics);
    } catch (RuntimeException e) {
      from.store().close();
      if (to != null) {
        to.store().close();
      }
      throw e;
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "dimstore-mirror");
    thread.setDaemon(true);
    return thread;
  }

  OpenSide side(Side side) {
    return side == Side.FROM ? from : to;
  }

  SharedRecords records() {
    return records;
  }

  MirrorSettings settings() {
    return settings;
  }

  StoreMetrics metrics() {
    return metrics;
  }

  /** Returns what identifies this open store among all processes. */
  String process() {
    return process;
  }

  /** Runs a task after a delay, unless the store is closed before. */
  void later(Runnable task, Duration delay) {
    try {
      timer.schedule(quietly(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The store was closed before a task ran");
    }
  }

  private void every(Duration interval, Runnable task) {
    every(Duration.ZERO, interval, task);
  }

  private void every(Duration first, Duration interval, Runnable task) {
    try {
      timer.scheduleWithFixedDelay(
          quietly(task), first.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The store was closed before a task was scheduled");
    }
  }

  /** A task that throws would not be run again. */
  private static Runnable quietly(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.warn("A task of the mirror failed", e);
      }
    };
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    admission.requireOpen();
    return new MirrorTable(context(spec), admission);
  }

  private TableContext context(TableSpec spec) {
    requireKnownOptions(spec);
    return contexts.computeIfAbsent(
        spec,
        declared -> {
          TableContext context =
              new TableContext(
                  this,
                  declared,
                  watch(declared.name()),
                  orders.computeIfAbsent(declared.name(), name -> new KeyOrder()));
          every(settings.modeRefresh(), context::checkBehind);
          every(
              settings.reconcileInterval(), settings.reconcileInterval(), context::reconcileIfDue);
          every(settings.shadowPublish(), context::publish);
          return context;
        });
  }

  private ModeWatch watch(String table) {
    return watches.computeIfAbsent(
        table,
        name -> {
          ModeWatch watch =
              new ModeWatch(
                  name,
                  new ModeRecords(records, from.records(), name),
                  settings.modeValidity(),
                  System::nanoTime);
          every(settings.modeRefresh(), watch::refresh);
          return watch;
        });
  }

  /** Refuses table options that belong to no side. The sides check their own. */
  private static void requireKnownOptions(TableSpec spec) {
    Map<String, String> others = new TreeMap<>(spec.options());
    others
        .keySet()
        .removeIf(
            name ->
                name.startsWith(MirrorOptions.FROM.name())
                    || name.startsWith(MirrorOptions.TO.name()));
    StoreConfig.parse(
        "table '" + spec.name() + "' of store 'mirror'", MirrorOptions.all(), Scope.TABLE, others);
  }

  /** Creates what the current mode uses. */
  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return used(
        creation,
        spec,
        side -> side.store().createIfAbsent(side.spec(spec)),
        (side, context) -> context.log(side.side()).create());
  }

  /** Validates what the current mode uses. The table of intents is created when it is needed. */
  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return used(
        admission,
        spec,
        side -> side.store().validate(side.spec(spec)),
        (side, context) -> CompletableFuture.completedFuture(null));
  }

  private interface ForMirrored {
    CompletionStage<@Nullable Void> apply(OpenSide side, TableContext context);
  }

  private CompletionStage<Void> used(
      Admission admitting,
      TableSpec spec,
      Function<OpenSide, CompletionStage<Void>> call,
      ForMirrored mirrored) {
    return admitting.admit(
        1,
        deadline -> {
          TableContext context = context(spec);
          return context
              .watch()
              .valid()
              .thenCompose(
                  known -> {
                    MirrorMode mode = known.mode();
                    CompletionStage<@Nullable Void> done =
                        call.apply(side(mode.primary())).thenApply(first -> null);
                    return mode.isMirrored()
                        ? done.thenCompose(first -> call.apply(side(mode.primary().other())))
                            .thenCompose(second -> mirrored.apply(from, context))
                            .thenCompose(third -> mirrored.apply(to, context))
                        : done;
                  })
              .thenApply(done -> null);
        });
  }

  @Override
  public CompletionStage<Void> ping() {
    return admission.admit(
        1, deadline -> from.store().ping().thenCombine(to.store().ping(), (a, b) -> null));
  }

  @Override
  public CompletionStage<Void> pingTables() {
    return admission.admit(
        1,
        deadline -> from.store().pingTables().thenCombine(to.store().pingTables(), (a, b) -> null));
  }

  /** Returns the shared records of {@code to}, or another capability of either store. */
  @Override
  public <T> Optional<T> capability(Class<T> type) {
    if (type.isInstance(this)) {
      return Optional.of(type.cast(this));
    }
    return to.store().capability(type).or(() -> from.store().capability(type));
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      admission.close();
      creation.close();
      contexts.values().forEach(TableContext::close);
      timer.shutdownNow();
      from.store().close();
      to.store().close();
    }
  }
}
