// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.mirror.control.Intents;
import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.mirror.internal.ModeWatch.Knowledge;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Maintenance.Backlog;
import io.dimstore.spi.Maintenance.Repair;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What all handles of one declaration share in this process: the tables of both sides, their
 * intents, and the background work. Thread-safe.
 */
final class TableContext implements Intents {

  private static final int COUNTED = 10_000;
  private static final int KEYS_PER_PASS = 1_000;
  private static final int IDLE_TICKS = 10;

  private final TableSpec spec;
  private final MirrorSettings settings;
  private final StoreMetrics metrics;
  private final ModeWatch watch;
  private final KeyOrder order;
  private final KeyHash hash;
  private final ShadowTally tally;
  private final ShadowReader shadow;
  private final IntentReconcilerLease lease;
  private final Map<Side, OneSide> sides = new EnumMap<>(Side.class);
  private final AtomicBoolean reconciling = new AtomicBoolean();
  private volatile long counted;
  private final AtomicInteger idleTicks = new AtomicInteger(IDLE_TICKS);

  /** The table of one side, and what is known of its state. */
  private static final class OneSide {
    private final DimensionTable table;
    private final IntentLog log;
    private final OtherHealth health;
    private long noted;
    private boolean behind = true;
    private boolean checking;
    private long checkedAt;
    private boolean checked;

    OneSide(DimensionTable table, IntentLog log, OtherHealth health) {
      this.table = table;
      this.log = log;
      this.health = health;
    }
  }

  TableContext(MirrorStore store, TableSpec spec, ModeWatch watch, KeyOrder order) {
    this.spec = spec;
    this.settings = store.settings();
    this.metrics = store.metrics();
    this.watch = watch;
    this.order = order;
    this.hash = new KeyHash(spec.key());
    for (Side side : Side.values()) {
      OpenSide open = store.side(side);
      sides.put(
          side,
          new OneSide(
              open.store().table(open.spec(spec)),
              new IntentLog(
                  open.store(),
                  settings.intentsTable(),
                  spec,
                  System::currentTimeMillis,
                  System::nanoTime),
              new OtherHealth(System::nanoTime)));
    }
    this.tally =
        new ShadowTally(
            spec.name(), store.process(), store.records(), metrics, System::currentTimeMillis);
    this.shadow =
        new ShadowReader(
            hash,
            this::table,
            tally,
            settings.shadowQueue(),
            task -> store.later(task, settings.shadowRecheck()));
    Duration term = settings.reconcileInterval().multipliedBy(5);
    this.lease =
        new IntentReconcilerLease(
            store.records(), spec.name(), store.process(), term, System::nanoTime);
  }

  private OneSide of(Side side) {
    return Objects.requireNonNull(sides.get(side));
  }

  TableSpec spec() {
    return spec;
  }

  StoreMetrics metrics() {
    return metrics;
  }

  ModeWatch watch() {
    return watch;
  }

  KeyOrder order() {
    return order;
  }

  KeyHash hash() {
    return hash;
  }

  ShadowReader shadow() {
    return shadow;
  }

  DimensionTable table(Side side) {
    return of(side).table;
  }

  OtherHealth health(Side side) {
    return of(side).health;
  }

  /** Returns the intents that a side keeps, of writes that the other side may lack. */
  IntentLog log(Side side) {
    return of(side).log;
  }

  Duration deadline() {
    return settings.deadline();
  }

  long otherTimeoutNanos() {
    return settings.otherTimeout().toNanos();
  }

  /**
   * Returns whether a side that is not the primary answers and has no pending writes. The latter is
   * known for at most {@code mode.validity}.
   */
  boolean isReadable(Side side) {
    OneSide one = of(side);
    long now = System.nanoTime();
    synchronized (one) {
      return one.checked
          && !one.behind
          && now - one.checkedAt <= settings.modeValidity().toNanos()
          && one.health.isWell();
    }
  }

  /** Notes that a side lacks a write: it is not read until its intents are reconciled. */
  void noteIntent(Side target) {
    OneSide one = of(target);
    synchronized (one) {
      one.noted++;
      one.behind = true;
    }
    idleTicks.set(IDLE_TICKS);
  }

  /** Checks whether the side that is not the primary has pending writes, if it is to be read. */
  void checkBehind() {
    Knowledge known = watch.knowledge();
    if (known == null || !known.mode().isMirrored()) {
      return;
    }
    MirrorMode mode = known.mode();
    boolean onlyPrimary = mode.readsTo() == (mode.primary() == Side.TO ? MirrorMode.ALL : 0);
    if (onlyPrimary) {
      return;
    }
    OneSide target = of(mode.primary().other());
    long begin = System.nanoTime();
    long noted;
    synchronized (target) {
      if (target.checking) {
        return;
      }
      target.checking = true;
      noted = target.noted;
    }
    MirrorTable.guarded(() -> log(mode.primary()).isEmpty())
        .whenComplete((empty, failure) -> endCheck(target, empty, noted, begin));
  }

  private static void endCheck(OneSide target, @Nullable Boolean empty, long noted, long begin) {
    synchronized (target) {
      target.checking = false;
      if (empty != null && (!empty || noted == target.noted)) {
        target.behind = !empty;
        target.checked = true;
        target.checkedAt = begin;
      }
    }
  }

  /** Reconciles intents if there are some and no other process does. */
  void reconcileIfDue() {
    Knowledge known = watch.knowledge();
    if (known == null
        || known.known().equals(KnownMode.NONE)
        || (counted == 0 && idleTicks.incrementAndGet() < IDLE_TICKS)) {
      return;
    }
    if (!reconciling.compareAndSet(false, true)) {
      return;
    }
    idleTicks.set(0);
    MirrorTable.guarded(() -> backlog(COUNTED))
        .thenCompose(
            backlog -> {
              counted = backlog.keys();
              metrics.gauge("intents.keys", spec.name(), backlog.keys());
              metrics.gauge("intents.oldest.ms", spec.name(), backlog.oldestAge().toMillis());
              return backlog.keys() == 0
                  ? CompletableFuture.completedFuture(false)
                  : lease.acquire();
            })
        .thenCompose(
            mine ->
                mine
                    ? reconcile(KEYS_PER_PASS)
                    : CompletableFuture.completedFuture(new Repair(0, 0, false)))
        .whenComplete(
            (repair, failure) -> {
              reconciling.set(false);
              if (failure != null) {
                metrics.count("reconcile.failed", 1);
              } else {
                metrics.count("reconcile.copied", repair.healed());
              }
            });
  }

  @Override
  public CompletionStage<Backlog> backlog(int maxKeys) {
    return log(Side.FROM)
        .backlog(maxKeys)
        .thenCombine(
            log(Side.TO).backlog(maxKeys),
            (from, to) -> MirrorMaintenance.sum(List.of(from, to), maxKeys));
  }

  @Override
  public CompletionStage<Repair> reconcile(int maxKeys) {
    return reconcile(Side.FROM, maxKeys)
        .thenCombine(
            reconcile(Side.TO, maxKeys),
            (from, to) ->
                new Repair(
                    from.examined() + to.examined(),
                    from.healed() + to.healed(),
                    from.remaining() || to.remaining()));
  }

  private CompletionStage<Repair> reconcile(Side source, int maxKeys) {
    OtherHealth target = health(source.other());
    return new IntentReconciler(
            log(source),
            table(source),
            table(source.other()),
            spec.all(),
            () -> watch.valid().thenApply(known -> known.mode().primary() == source),
            settings.reconcileLimits(),
            System::nanoTime)
        .reconcile(maxKeys)
        .whenComplete(
            (repair, failure) -> {
              if (failure == null && repair.healed() > 0) {
                target.ended(null);
              } else if (failure != null) {
                target.ended(StoreException.find(failure));
              }
            });
  }

  /** Publishes the counts of comparisons. */
  CompletionStage<@Nullable Void> publish() {
    return tally.publish();
  }

  /** Publishes the counts and waits a short time for that. */
  void close() {
    try {
      publish().toCompletableFuture().get(500, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      metrics.count("shadow.unpublished", 1);
    }
  }
}
