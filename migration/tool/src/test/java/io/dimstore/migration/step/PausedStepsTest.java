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
import io.dimstore.migration.phase.LogEntry;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step that is interrupted at each of its calls. If the process is paused there, another one
 * resolves the step: it undoes or repeats it. When the first one wakes up, it changes nothing more,
 * whatever it was about to do. If the call fails there, as when the table of the records is
 * throttled, the repetition completes the step.
 */
@Timeout(300)
class PausedStepsTest {

  /** After this time the other command takes the step over. */
  private static final Duration LEASE = Duration.ofSeconds(1);

  /** The paused command never notices by a clock that it was silent. */
  private static final Duration ENDLESS = Duration.ofMinutes(10);

  /** So long that no sign of life is a call of its own, and a repeated one does not wait long. */
  private static final Duration LONG = Duration.ofSeconds(5);

  private static final int MOST_CALLS = 80;

  /** They mostly wait. */
  private static final int AT_ONCE = 32;

  private static final MirrorMode MIRRORED = MirrorMode.BEFORE.withOther(Other.WRITTEN);
  private static final MirrorMode CUT_OVER =
      MIRRORED.withPrimary(Side.TO).withReadsTo(MirrorMode.ALL);

  /**
   * A command.
   *
   * @param transition its step
   * @param request what distinguishes it from others of its kind
   * @param action creates the action
   */
  private record Command(Transition transition, String request, Function<Steps, Action> action) {

    static final Command ROLLBACK = new Command(Transition.ROLLBACK, "", Steps::rollBack);
    static final Command DRILL = new Command(Transition.ROLLBACK, "drill", Steps::drill);
    static final Command START = new Command(Transition.START, "", Steps::start);
    static final Command SHADOW =
        new Command(
            Transition.SHADOW,
            "share=500",
            steps -> steps.shadow(500, MirrorMode.ShadowWith.OTHER));
    static final Command RAMP =
        new Command(Transition.RAMP, "share=5000", steps -> steps.ramp(5_000));
    static final Command CUTOVER =
        new Command(Transition.CUTOVER, "force=test", steps -> steps.cutover("test"));
    static final Command REVERSE = new Command(Transition.REVERSE, "", Steps::reverse);
    static final Command FINISH = new Command(Transition.FINISH, "", Steps::finish);
  }

  /**
   * Where a migration stands.
   *
   * @param phase its phase
   * @param mode its mode; the name of the series of shadow reads is left out
   */
  private record Place(Phase phase, MirrorMode mode) {

    Place {
      mode = mode.withShadow(mode.shadow(), mode.shadowWith(), "-");
    }
  }

  /**
   * A step that is interrupted.
   *
   * @param name for reports
   * @param before the commands that lead to the step
   * @param command the step
   * @param completed where it leads to
   * @param resolver the command that another process runs while it is paused
   * @param resolved where that leads to; null for where the migration was before the step
   * @param least how many calls there are at least
   */
  private record Interrupted(
      String name,
      List<Command> before,
      Command command,
      Place completed,
      Command resolver,
      @Nullable Place resolved,
      int least) {

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Interrupted> steps() {
    List<Command> started = List.of(Command.START);
    List<Command> cutOver = List.of(Command.START, Command.CUTOVER);
    List<Command> reversed = List.of(Command.START, Command.CUTOVER, Command.REVERSE);
    Place rolledBack = new Place(Phase.COPIED, MIRRORED);
    Place finished = new Place(Phase.FINISHED, CUT_OVER.withOther(Other.UNUSED));
    Place ready = new Place(Phase.READY, MirrorMode.BEFORE);
    Place still = new Place(Phase.CUT_OVER, CUT_OVER);
    return List.of(
        new Interrupted(
            "start",
            List.of(),
            Command.START,
            new Place(Phase.MIRRORING, MIRRORED),
            Command.ROLLBACK,
            null,
            12),
        new Interrupted(
            "shadow",
            started,
            Command.SHADOW,
            new Place(Phase.VERIFIED, MIRRORED.withShadow(500, MirrorMode.ShadowWith.OTHER, "-")),
            Command.ROLLBACK,
            null,
            12),
        new Interrupted(
            "ramp",
            started,
            Command.RAMP,
            new Place(Phase.RAMPING, MIRRORED.withReadsTo(5_000)),
            Command.ROLLBACK,
            null,
            12),
        new Interrupted("cutover", started, Command.CUTOVER, still, Command.ROLLBACK, null, 25),
        new Interrupted(
            "rollback", cutOver, Command.ROLLBACK, rolledBack, Command.ROLLBACK, rolledBack, 25),
        new Interrupted(
            "rollback that ends the mirroring",
            started,
            Command.ROLLBACK,
            ready,
            Command.ROLLBACK,
            ready,
            12),
        new Interrupted(
            "rollback --drill, repeated", cutOver, Command.DRILL, still, Command.DRILL, still, 45),
        new Interrupted(
            "rollback --drill, rolled back",
            cutOver,
            Command.DRILL,
            still,
            Command.ROLLBACK,
            rolledBack,
            45),
        new Interrupted(
            "reverse",
            cutOver,
            Command.REVERSE,
            new Place(Phase.REVERSED, CUT_OVER),
            Command.ROLLBACK,
            rolledBack,
            8),
        new Interrupted(
            "finish", reversed, Command.FINISH, finished, Command.FINISH, finished, 12));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void stepThatIsPausedAtAnyCallChangesNothingAfterItWasResolved(Interrupted step)
      throws Exception {
    everywhere(step, call -> new Trial(step).pausedAt(call));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void stepOfWhichAnyCallFailsIsCompletedByItsRepetition(Interrupted step) throws Exception {
    everywhere(step, call -> new Trial(step).completedAfterFailureAt(call, false));
    everywhere(step, call -> new Trial(step).completedAfterFailureAt(call, true));
  }

  /** Returns whether the command made so many calls. */
  private interface Attempt {
    boolean at(int call) throws Exception;
  }

  private static void everywhere(Interrupted step, Attempt attempt) throws Exception {
    ExecutorService several = Executors.newFixedThreadPool(AT_ONCE);
    try {
      int reached = 0;
      for (int first = 0; first == reached && first < MOST_CALLS; first += AT_ONCE) {
        List<Future<Boolean>> trials = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
          int call = first + i;
          trials.add(several.submit(() -> attempt.at(call)));
        }
        for (Future<Boolean> trial : trials) {
          reached += trial.get() ? 1 : 0;
        }
      }
      assertThat(reached)
          .as("calls at which %s was interrupted", step)
          .isBetween(step.least(), MOST_CALLS - 1);
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
    private final Interrupted step;

    Trial(Interrupted step) {
      this.step = step;
    }

    private static DimensionStore open(String instance) {
      return DimensionStores.open(
          "memory", Map.of("instance", instance), StoreMetrics.NONE, InstantSource.system());
    }

    private static SharedRecords records(DimensionStore store) {
      return store.capability(SharedRecords.class).orElseThrow();
    }

    /** Returns whether the command made so many calls after it had stored its step. */
    boolean pausedAt(int call) throws Exception {
      try {
        begin();
        Place before = place();
        Gate gate = new Gate(call);
        Thread paused = new Thread(() -> runOnce(gate.of(toRecords), gate.of(fromRecords)));
        paused.start();
        boolean reached = gate.awaitPauseOrEndOf(paused);
        if (!reached) {
          paused.join();
          assertThat(place()).as("%s that is not interrupted", step).isEqualTo(step.completed());
          return false;
        }
        run(toRecords, fromRecords, step.resolver());
        Place resolved = step.resolved() == null ? before : step.resolved();
        assertThat(place()).as("%s paused at call %d, resolved", step, call).isEqualTo(resolved);
        Optional<MigrationState> state = runner(toRecords, LEASE).state();
        assertThat(state.orElseThrow().step()).isNull();
        gate.resume();
        paused.join();
        assertThat(place()).as("%s paused at call %d", step, call).isEqualTo(resolved);
        assertThat(runner(toRecords, LEASE).state())
            .as("%s paused at call %d", step, call)
            .isEqualTo(state);
        return true;
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
        Gate gate = new Gate(call);
        gate.failInstead(applied);
        try {
          runOnce(gate.of(toRecords), gate.of(fromRecords), step.command(), LONG);
        } catch (StoreException e) {
          // A sign of life that fails is repeated, but most calls are not.
          assertThat(e.kind()).isEqualTo(Kind.THROTTLED);
        }
        // A second rollback would end the mirroring, so an operator looks at the status first.
        boolean ended = runner(toRecords, LEASE).state().orElseThrow().step() == null;
        if (!(step.command().equals(Command.ROLLBACK)
            && ended
            && place().equals(step.completed()))) {
          run(toRecords, fromRecords, step.command());
        }
        assertThat(place())
            .as("%s whose call %d failed%s", step, call, applied ? " after it took effect" : "")
            .isEqualTo(step.completed());
        StepRunner runner = runner(toRecords, LEASE);
        MigrationState state = runner.state().orElseThrow();
        assertThat(state.step()).isNull();
        List<LogEntry> log = runner.log();
        assertThat(log).extracting(LogEntry::number).doesNotHaveDuplicates();
        assertThat(log).hasSizeGreaterThanOrEqualTo((int) state.entries());
        return gate.wasReached();
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

    /** Brings the migration to where the step begins. */
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
      for (Command command : step.before()) {
        run(toRecords, fromRecords, command);
        if (command.equals(Command.START)) {
          runner.run(Transition.BACKFILL, (s, owner) -> StepResult.reached(Phase.COPIED, "copied"));
          verify(runner, Phase.VERIFIED);
        }
        if (command.equals(Command.CUTOVER)) {
          verify(runner, Phase.CUT_OVER);
        }
      }
    }

    private static void verify(StepRunner runner, Phase reached) throws InterruptedException {
      runner.run(
          Transition.VERIFY,
          (s, owner) ->
              StepResult.reached(
                  reached,
                  "verified",
                  new Finding(Instant.now(), new Evidence.Verification(10, 0, 0, 0))));
    }

    private Place place() throws InterruptedException {
      return new Place(
          runner(toRecords, LEASE).state().orElseThrow().phase(),
          StoreCalls.await(new ModeRecords(toRecords, fromRecords, "t").current()).mode());
    }

    /** Runs the command that is paused. It fails if another one has taken its step over. */
    private void runOnce(SharedRecords to, SharedRecords from) {
      try {
        runOnce(to, from, step.command(), ENDLESS);
      } catch (MigrationException e) {
        // What it has changed is looked at.
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void runOnce(
        SharedRecords to, SharedRecords from, Command command, Duration lease)
        throws InterruptedException {
      Steps steps =
          new Steps(new Table(new ModeRecords(to, from, "t"), to), InstantSource.system());
      StepResult result =
          runner(to, lease)
              .run(
                  command.transition(),
                  command.request(),
                  steps::mode,
                  command.action().apply(steps));
      assertThat(result.succeeded()).as("%s: %s", command, result.text()).isTrue();
    }

    /** A busy machine may let a command lose its lease: it is repeated then. */
    private static void run(SharedRecords to, SharedRecords from, Command command)
        throws InterruptedException {
      for (int attempt = 1; ; attempt++) {
        try {
          runOnce(to, from, command, LEASE);
          return;
        } catch (MigrationException e) {
          if (attempt == 5 || !String.valueOf(e.getMessage()).contains("was silent for")) {
            throw e;
          }
        }
      }
    }

    private static StepRunner runner(SharedRecords records, Duration lease) {
      return new StepRunner(records, "t", "tester", InstantSource.system(), lease);
    }
  }

  /** Stops all calls of a process from one call on. */
  private static final class Gate {

    private final int at;
    private int calls;
    private boolean begun;
    private boolean stopped;
    private boolean resumed;
    private @Nullable Boolean failsApplied;

    Gate(int at) {
      this.at = at;
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
      // Before the step is stored there is nothing to resolve. The process is never so slow that it
      // gives a sign of life, which would be a call of its own.
      if (begun && calls++ == at) {
        stopped = true;
        notifyAll();
      }
      begun |= call.equals("replace migration/t/state");
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

    /** Returns whether there were so many calls. */
    synchronized boolean wasReached() {
      return calls > at;
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
