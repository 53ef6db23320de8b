// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.memory.MemoryStores;
import io.dimstore.migration.certificate.Certificates;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.Limits;
import io.dimstore.migration.phase.EvidenceLog;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.phase.StepRunner.Action;
import io.dimstore.migration.phase.Transition;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.Side;
import io.dimstore.mirror.control.ModeRecords;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A command that is paused at each of its calls, and wakes up after another one has rolled back:
 * whatever it was about to do, it changes nothing more. And one of whose calls each fails, as when
 * the table of the records is throttled: its repetition completes it.
 */
@Timeout(300)
class PausedStepsTest {

  /** After this time the other command takes the step over. */
  private static final Duration LEASE = Duration.ofSeconds(1);

  /** The paused command never notices by a clock that it was silent. */
  private static final Duration ENDLESS = Duration.ofMinutes(10);

  private static final int MOST_CALLS = 80;

  @Test
  void rampThatIsPausedAtAnyCallChangesNothingAfterARollBack() throws Exception {
    everywhere(Phase.VERIFIED, Transition.RAMP, steps -> steps.ramp(5_000), call -> true, 15);
  }

  @Test
  void startThatIsPausedAtAnyChangeChangesNothingAfterARollBack() throws Exception {
    everywhere(Phase.READY, Transition.START, Steps::start, call -> call.startsWith("replace"), 4);
  }

  @Test
  void cutoverThatIsPausedAtAnyChangeChangesNothingAfterARollBack() throws Exception {
    everywhere(
        Phase.VERIFIED,
        Transition.CUTOVER,
        steps -> steps.cutover("test"),
        call -> call.startsWith("replace"),
        8);
  }

  @Test
  void cutoverOfWhichAnyCallFailsIsCompletedByItsRepetition() throws Exception {
    for (boolean applied : new boolean[] {false, true}) {
      int failed = 0;
      for (int call = 0; call < MOST_CALLS; call++) {
        Trial trial = new Trial(Phase.VERIFIED, Transition.CUTOVER, steps -> steps.cutover("test"));
        failed += trial.completedAfterFailureAt(call, applied) ? 1 : 0;
      }
      assertThat(failed).as("calls that failed").isBetween(25, MOST_CALLS - 1);
    }
  }

  /**
   * @param least how many calls there are at least
   */
  private static void everywhere(
      Phase phase,
      Transition transition,
      Function<Steps, Action> step,
      Predicate<String> where,
      int least)
      throws Exception {
    ExecutorService several = Executors.newFixedThreadPool(12);
    try {
      List<Future<Boolean>> trials = new ArrayList<>();
      for (int i = 0; i < MOST_CALLS; i++) {
        int call = i;
        trials.add(several.submit(() -> new Trial(phase, transition, step).pausedAt(call, where)));
      }
      int paused = 0;
      for (Future<Boolean> trial : trials) {
        paused += trial.get() ? 1 : 0;
      }
      assertThat(paused)
          .as("calls at which the command was paused")
          .isBetween(least, MOST_CALLS - 1);
    } finally {
      several.shutdownNow();
    }
  }

  /** One migration with a command that is paused at one call. */
  private static final class Trial {

    private final String from = "paused-from-" + UUID.randomUUID();
    private final String to = "paused-to-" + UUID.randomUUID();
    private final DimensionStore fromStore = open(from);
    private final DimensionStore toStore = open(to);
    private final SharedRecords fromRecords = records(fromStore);
    private final SharedRecords toRecords = records(toStore);
    private final Phase phase;
    private final Transition transition;
    private final Function<Steps, Action> step;

    Trial(Phase phase, Transition transition, Function<Steps, Action> step) {
      this.phase = phase;
      this.transition = transition;
      this.step = step;
    }

    private static DimensionStore open(String instance) {
      return DimensionStores.open(
          "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system());
    }

    private static SharedRecords records(DimensionStore store) {
      return store.capability(SharedRecords.class).orElseThrow();
    }

    /** Returns whether the command made so many calls. */
    boolean pausedAt(int call, Predicate<String> where) throws Exception {
      try {
        begin();
        Gate gate = new Gate(call, where);
        Thread paused = new Thread(() -> runOnce(gate.of(toRecords), gate.of(fromRecords)));
        paused.start();
        boolean reached = gate.awaitPauseOrEndOf(paused);
        boolean rolledBack = reached && rollBack();
        MirrorMode mode = mode();
        Optional<MigrationState> state = runner(toRecords, LEASE).state();
        gate.resume();
        paused.join();
        if (rolledBack) {
          assertThat(mode()).as("%s paused at call %d", transition, call).isEqualTo(mode);
          assertThat(runner(toRecords, LEASE).state())
              .as("%s paused at call %d", transition, call)
              .isEqualTo(state);
        }
        return reached;
      } finally {
        close();
      }
    }

    /**
     * Returns whether the command made so many calls.
     *
     * @param applied whether the call that fails takes effect
     */
    boolean completedAfterFailureAt(int call, boolean applied) throws Exception {
      try {
        begin();
        Gate gate = new Gate(call, name -> true);
        gate.failInstead(applied);
        boolean failed = false;
        try {
          Steps steps =
              new Steps(
                  new Table(
                      new ModeRecords(gate.of(toRecords), gate.of(fromRecords), "t"), toRecords),
                  InstantSource.system());
          runner(toRecords, ENDLESS).run(transition, "", steps::mode, step.apply(steps));
        } catch (StoreException e) {
          failed = true;
        }
        run(toRecords, fromRecords, transition, step);
        assertThat(mode())
            .as("%s whose call %d failed", transition, call)
            .isEqualTo(
                new MirrorMode(
                    Side.TO, Other.WRITTEN, MirrorMode.ALL, 0, MirrorMode.ShadowWith.OTHER, "0"));
        assertThat(runner(toRecords, LEASE).state().orElseThrow().phase())
            .isEqualTo(Phase.CUT_OVER);
        return failed;
      } finally {
        close();
      }
    }

    private void close() {
      fromStore.close();
      toStore.close();
      MemoryStores.clear(from);
      MemoryStores.clear(to);
    }

    private void begin() throws InterruptedException {
      StepRunner runner = runner(toRecords, ENDLESS);
      runner.plan(
          new MigrationState.Plan(
              new MigrationState.Subject("a", "b", "c"),
              Duration.ofSeconds(1),
              Map.of(),
              Limits.DEFAULT),
          "planned");
      runner.run(Transition.PREFLIGHT, (s, owner) -> StepResult.reached(Phase.READY, "ready"));
      if (phase != Phase.READY) {
        run(toRecords, fromRecords, Transition.START, Steps::start);
        runner.run(Transition.BACKFILL, (s, owner) -> StepResult.reached(Phase.COPIED, "copied"));
        runner.run(
            Transition.VERIFY,
            (s, owner) ->
                StepResult.reached(
                    phase,
                    "verified",
                    new Finding(Instant.now(), new Evidence.Verification(10, 0, 0, 0))));
      }
      assertThat(runner.state().orElseThrow().phase()).isEqualTo(phase);
    }

    private MirrorMode mode() throws InterruptedException {
      return StoreCalls.await(new ModeRecords(toRecords, fromRecords, "t").current()).mode();
    }

    /** Returns false if the paused command has not begun anything that can be rolled back. */
    private boolean rollBack() {
      try {
        MirrorMode before = mode();
        run(toRecords, fromRecords, Transition.ROLLBACK, Steps::rollBack);
        MirrorMode after = mode();
        assertThat(after.primary()).as("after %s", before).isEqualTo(Side.FROM);
        assertThat(after.readsTo()).as("after %s", before).isZero();
        assertThat(after.other()).as("after %s", before).isNotEqualTo(Other.REQUIRED);
        return true;
      } catch (RuntimeException e) {
        return false;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Runs the command that is paused. It may fail: another one may have taken its step over. */
    private void runOnce(SharedRecords to, SharedRecords from) {
      try {
        Steps steps =
            new Steps(new Table(new ModeRecords(to, from, "t"), to), InstantSource.system());
        runner(to, ENDLESS).run(transition, "", steps::mode, step.apply(steps));
      } catch (MigrationException e) {
        // What it has changed is looked at.
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    /** A busy machine may let a command lose its lease: it is repeated then. */
    private void run(
        SharedRecords to, SharedRecords from, Transition transition, Function<Steps, Action> step) {
      MigrationException last = null;
      for (int attempt = 0; attempt < 5; attempt++) {
        try {
          Steps steps =
              new Steps(new Table(new ModeRecords(to, from, "t"), to), InstantSource.system());
          runner(to, LEASE).run(transition, "", steps::mode, step.apply(steps));
          return;
        } catch (MigrationException e) {
          last = e;
          if (String.valueOf(e.getMessage()).contains(" needs ")) {
            break;
          }
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      throw last == null ? new IllegalStateException() : last;
    }

    private static StepRunner runner(SharedRecords records, Duration lease) {
      return new StepRunner(records, "t", "tester", InstantSource.system(), lease);
    }
  }

  /** Stops all calls of a process from one call on. */
  private static final class Gate {

    private final int at;
    private final Predicate<String> where;
    private int calls;
    private boolean stopped;
    private boolean resumed;
    private @Nullable Boolean failsApplied;

    Gate(int at, Predicate<String> where) {
      this.at = at;
      this.where = where;
    }

    /** Makes the call fail that would be paused. */
    synchronized void failInstead(boolean applied) {
      failsApplied = applied;
    }

    private synchronized <T> CompletionStage<T> answered(
        String call, Supplier<CompletionStage<T>> work) {
      Boolean applied = failsApplied;
      if (applied == null) {
        pass(call);
        return work.get();
      }
      if (calls++ != at) {
        return work.get();
      }
      StoreException throttled = new StoreException(Kind.THROTTLED, "Injected into " + call);
      return applied
          ? work.get().thenCompose(done -> CompletableFuture.failedFuture(throttled))
          : CompletableFuture.failedFuture(throttled);
    }

    private synchronized void pass(String call) {
      // The signs of life are not part of the command; but a paused process gives none.
      boolean counts = call.endsWith("/mode") && where.test(call);
      if (counts && calls++ == at) {
        stopped = true;
        notifyAll();
      }
      while (stopped && !resumed) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    synchronized boolean awaitPauseOrEndOf(Thread process) throws InterruptedException {
      while (!stopped && process.isAlive()) {
        wait(20);
      }
      return stopped;
    }

    synchronized void resume() {
      resumed = true;
      notifyAll();
    }

    SharedRecords of(SharedRecords records) {
      return new SharedRecords() {
        @Override
        public CompletionStage<Optional<SharedRecord>> read(String name) {
          return answered("read " + name, () -> records.read(name));
        }

        @Override
        public CompletionStage<Boolean> replace(String name, long expected, String content) {
          return answered("replace " + name, () -> records.replace(name, expected, content));
        }

        @Override
        public CompletionStage<SharedRecordPage> list(String prefix, String after, int most) {
          return answered("list " + prefix, () -> records.list(prefix, after, most));
        }
      };
    }
  }

  /** A table without pending writes. */
  private record Table(ModeRecords modes, SharedRecords records) implements MirroredTable {

    @Override
    public EvidenceLog evidence() {
      return new EvidenceLog(records, "t", "test");
    }

    @Override
    public Certificates certificates() {
      return new Certificates(records, "t", "test");
    }

    @Override
    public Optional<Finding> replication(MigrationState state) {
      return Optional.empty();
    }

    @Override
    public Duration propagation() {
      return Duration.ZERO;
    }

    @Override
    public void pause(Duration time, String reason) {}

    @Override
    public void reconcile() {}

    @Override
    public long pending() {
      return 0;
    }

    @Override
    public Optional<Finding> shadowReads(String series, Instant notBefore) {
      return Optional.empty();
    }
  }
}
