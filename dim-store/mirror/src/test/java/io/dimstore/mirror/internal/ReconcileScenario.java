// SPDX-License-Identifier: Apache-2.0
package io.dimstore.mirror.internal;

import io.dimstore.memory.MemoryStores;
import io.dimstore.mirror.ForwardingTable;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.mirror.internal.IntentCodec.Pending;
import io.dimstore.spi.Change;
import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Delete;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreOption.Scope;
import io.dimstore.spi.StoredChanges;
import io.dimstore.spi.TableSpec;
import io.dimstore.tck.faults.DelegatingStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reconciles an intent while another write of the same key runs. The write takes place before each
 * of the calls that the reconciling process makes, one after the other, so that every interleaving
 * of the write with these calls is tried. Throws an AssertionError if the sides differ in the end
 * although no intent is left.
 */
public final class ReconcileScenario implements Runnable {

  private static final TableSpec SPEC =
      new TableSpec(
          "t",
          List.of(new Column("k", DataType.STRING), new Column("v", DataType.STRING)),
          List.of("k"));

  private static final Key KEY = Key.of("k");

  @Override
  public void run() {
    // A newer write that fails on the other side, and one of equal version that succeeds on both.
    int most = tryAll(true, ReconcileScenario::newerWriteThatFails);
    most = Math.max(most, tryAll(true, ReconcileScenario::equalWriteThatSucceeds));
    // The other side is the primary by now, and gets the write first.
    most = Math.max(most, tryAll(false, sides -> sides.writeToBoth(new Put(KEY, Row.of("b"), 2))));
    most = Math.max(most, tryAll(false, sides -> sides.writeToBoth(new Delete(KEY, 2))));
    if (most < 6) {
      throw new IllegalStateException("Too few calls were interleaved: " + most);
    }
  }

  private static int tryAll(boolean sourceDecides, Consumer<Sides> write) {
    int at = 0;
    while (new Sides(sourceDecides).reconcileWith(write, at)) {
      at++;
    }
    return at;
  }

  private static void newerWriteThatFails(Sides sides) {
    Put newer = new Put(KEY, Row.of("newer"), 2);
    join(sides.plainFrom.write(List.of(newer)));
    join(sides.plainLog.add(List.of(Pending.applied(newer)), 1, "test"));
  }

  private static void equalWriteThatSucceeds(Sides sides) {
    Put equal = new Put(KEY, Row.of("equal"), 1);
    join(sides.plainFrom.write(List.of(equal)));
    join(sides.plainTo.write(List.of(equal)));
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** Two memory stores, with an intent of a write that {@code to} lacks. */
  private static final class Sides {

    private final String from = "reconcile-from-" + UUID.randomUUID();
    private final String to = "reconcile-to-" + UUID.randomUUID();
    private final MirrorStore mirror = open();
    private final DimensionTable plainFrom = mirror.side(Side.FROM).store().table(SPEC);
    private final DimensionTable plainTo = mirror.side(Side.TO).store().table(SPEC);
    private final IntentLog plainLog =
        new IntentLog(mirror.side(Side.FROM).store(), "intents", SPEC, () -> 1, System::nanoTime);
    private final boolean sourceDecides;
    private int calls;
    private int at;
    private @Nullable Runnable write;

    Sides(boolean sourceDecides) {
      this.sourceDecides = sourceDecides;
    }

    void writeToBoth(Change change) {
      join(plainTo.write(List.of(change)));
      join(plainFrom.write(List.of(change)));
    }

    private MirrorStore open() {
      StoreConfig config =
          StoreConfig.parse(
              "store 'mirror'",
              MirrorOptions.all(),
              Scope.STORE,
              Map.of(
                  "from.store",
                  "memory",
                  "from.instance",
                  from,
                  "to.store",
                  "memory",
                  "to.instance",
                  to));
      return MirrorStore.open(config, StoreMetrics.NONE, InstantSource.system());
    }

    /** Returns whether the write took place, that is whether there were so many calls. */
    boolean reconcileWith(Consumer<Sides> other, int before) {
      try {
        join(mirror.side(Side.FROM).store().createIfAbsent(SPEC));
        join(mirror.side(Side.TO).store().createIfAbsent(SPEC));
        Put put = new Put(KEY, Row.of("first"), 1);
        join(plainFrom.write(List.of(put)));
        join(plainLog.add(List.of(Pending.applied(put)), 1, "test"));
        at = before;
        write = () -> other.accept(this);
        IntentLog log =
            new IntentLog(
                new DelegatingStore(mirror.side(Side.FROM).store(), this::interleaved),
                "intents",
                SPEC,
                () -> 1,
                System::nanoTime);
        join(reconciler(log, interleaved(plainFrom), interleaved(plainTo)).reconcile(100));
        boolean took = write == null;
        for (int i = 0; i < 3; i++) {
          join(reconciler(plainLog, plainFrom, plainTo).reconcile(100));
        }
        requireInStep(before);
        return took;
      } finally {
        mirror.close();
        MemoryStores.clear(from);
        MemoryStores.clear(to);
      }
    }

    private IntentReconciler reconciler(IntentLog log, DimensionTable from, DimensionTable to) {
      Duration day = Duration.ofDays(1);
      return new IntentReconciler(
          log,
          from,
          to,
          SPEC.all(),
          () -> CompletableFuture.completedFuture(sourceDecides),
          new IntentReconciler.Limits(Duration.ZERO, Duration.ZERO, day, day),
          System::nanoTime);
    }

    private void requireInStep(int before) {
      List<@Nullable Put> expected = join(plainFrom.get(List.of(KEY), SPEC.all()));
      List<@Nullable Put> found = join(plainTo.get(List.of(KEY), SPEC.all()));
      if (!expected.equals(found)) {
        throw new AssertionError(
            "A write before call "
                + before
                + " of the reconciling process: "
                + expected
                + " in the"
                + " source, but "
                + found
                + " in the target, and no intent is left");
      }
    }

    private void step() {
      Runnable due = write;
      if (due != null && calls++ == at) {
        write = null;
        due.run();
      }
    }

    private DimensionTable interleaved(DimensionTable table) {
      return new ForwardingTable(table) {
        @Override
        public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
          step();
          return super.get(keys, columns);
        }

        @Override
        public CompletionStage<Void> write(List<Change> changes) {
          step();
          return super.write(changes);
        }

        @Override
        public <T> Optional<T> capability(Class<T> type) {
          return type == StoredChanges.class
              ? super.capability(StoredChanges.class)
                  .map(
                      stored ->
                          type.cast(
                              (StoredChanges)
                                  keys -> {
                                    step();
                                    return stored.stored(keys);
                                  }))
              : super.capability(type);
        }

        @Override
        public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
          step();
          return super.scan(split, maxEntries);
        }
      };
    }
  }
}
