// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.Limits;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.SharedRecord;
import io.dimstore.spi.SharedRecordPage;
import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepRunnerTest {

  private static final Duration LEASE = Duration.ofMillis(400);
  private static final MigrationState.Plan PLAN =
      new MigrationState.Plan(
          new MigrationState.Subject("memory:dim_user", "memory:dim_user", "1"),
          Duration.ofSeconds(1),
          Map.of("intents-table", "mine"),
          Limits.DEFAULT);

  private DimensionStore store;
  private SharedRecords records;

  @BeforeEach
  void open() {
    store =
        DimensionStores.open(
            "memory",
            Map.of("instance", UUID.randomUUID().toString()),
            StoreMetrics.NONE,
            InstantSource.system());
    records = store.capability(SharedRecords.class).orElseThrow();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void stepMovesTheMigrationAndIsLogged() throws Exception {
    StepRunner runner = runner(records);
    runner.plan(PLAN, "planned");
    runner.run(Transition.PREFLIGHT, (state, owner) -> StepResult.reached(Phase.READY, "checked"));

    assertThat(runner.state().orElseThrow().phase()).isEqualTo(Phase.READY);
    assertThat(runner.state().orElseThrow().step()).isNull();
    assertThat(runner.log())
        .extracting(LogEntry::number, LogEntry::transition, LogEntry::after, LogEntry::text)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1L, null, Phase.PLANNED, "planned"),
            org.assertj.core.groups.Tuple.tuple(2L, Transition.PREFLIGHT, Phase.READY, "checked"));
  }

  @Test
  void stateKeepsTheOptionsOfThePlanAndNumbersEachBeginOfTheMirroring() throws Exception {
    StepRunner runner = inPhase(Phase.READY);
    assertThat(runner.state().orElseThrow().mirrorOptions()).isEqualTo(PLAN.mirrorOptions());
    runner.run(Transition.START, (state, owner) -> StepResult.reached(Phase.MIRRORING, "on"));
    long first = runner.state().orElseThrow().mirroring();
    runner.run(Transition.START, (state, owner) -> StepResult.reached(Phase.MIRRORING, "again"));
    assertThat(runner.state().orElseThrow().mirroring()).isEqualTo(first).isPositive();
    runner.run(Transition.ROLLBACK, (state, owner) -> StepResult.reached(Phase.READY, "off"));
    runner.run(Transition.START, (state, owner) -> StepResult.reached(Phase.MIRRORING, "on"));
    assertThat(runner.state().orElseThrow().mirroring()).isGreaterThan(first);
  }

  /** The machine that verified has a clock that is an hour ahead. */
  @Test
  void verificationFromBeforeThePhaseIsKnownByItsEntryWhateverItsClockSaid() throws Exception {
    StepRunner runner = inPhase(Phase.COPIED);
    Finding equal =
        new Finding(Instant.now().plusSeconds(3_600), new Evidence.Verification(10, 0, 0, 0));
    runner.run(
        Transition.VERIFY, (state, owner) -> StepResult.reached(Phase.VERIFIED, "equal", equal));
    runner.run(Transition.CUTOVER, (state, owner) -> StepResult.reached(Phase.CUT_OVER, "over"));
    MigrationState over = runner.state().orElseThrow();
    assertThat(over.verificationEntry()).isPositive().isLessThan(over.phaseEntry());
    runner.run(
        Transition.VERIFY, (state, owner) -> StepResult.reached(Phase.CUT_OVER, "equal", equal));
    MigrationState verified = runner.state().orElseThrow();
    assertThat(verified.verificationEntry()).isGreaterThan(verified.phaseEntry());
    assertThat(verified.phaseEntry()).isEqualTo(over.phaseEntry());
    runner.run(Transition.ROLLBACK, (state, owner) -> StepResult.reached(Phase.COPIED, "back"));
    assertThat(runner.state().orElseThrow().verificationEntry()).isZero();
  }

  @Test
  void evidenceOfAKindReplacesTheOlderOne() throws Exception {
    StepRunner runner = inPhase(Phase.COPIED);
    for (long differences : List.of(3L, 0L)) {
      runner.run(
          Transition.VERIFY,
          (state, owner) ->
              StepResult.refused(
                  state.phase(),
                  "compared",
                  new Finding(Instant.EPOCH, new Evidence.Verification(10, differences, 0, 0))));
    }
    assertThat(runner.state().orElseThrow().findings())
        .extracting(Finding::evidence)
        .containsExactly(new Evidence.Verification(10, 0, 0, 0));
  }

  @Test
  void stepOfAnotherPhaseIsRefusedAndNamesThePhases() throws Exception {
    StepRunner runner = inPhase(Phase.READY);
    assertThatThrownBy(() -> runner.run(Transition.CUTOVER, unreached()))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("is in phase ready")
        .hasMessageContaining("cutover needs verified, ramping, cut-over");
  }

  @Test
  void tableWithoutAPlanIsRefused() {
    assertThatThrownBy(() -> runner(records).run(Transition.START, unreached()))
        .hasMessage("There is no migration of dim_user: begin with migrate plan");
  }

  @Test
  void planOfAMigrationUnderWayStays() throws Exception {
    StepRunner runner = inPhase(Phase.READY);
    assertThatThrownBy(() -> runner.plan(PLAN, "again"))
        .hasMessageContaining("is in phase ready: its plan cannot change any more");
  }

  @Test
  void runningStepExcludesEveryOther() throws Exception {
    StepRunner runner = inPhase(Phase.COPIED);
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread first =
        new Thread(
            () -> {
              try {
                runner.run(
                    Transition.VERIFY,
                    (state, owner) -> {
                      began.countDown();
                      end.await();
                      return StepResult.reached(Phase.VERIFIED, "compared");
                    });
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    first.start();
    began.await();
    for (Transition other : List.of(Transition.VERIFY, Transition.BACKFILL)) {
      assertThatThrownBy(() -> runner(records).run(other, unreached()))
          .hasMessageContaining("is being carried out by tester since");
    }
    end.countDown();
    first.join();
    assertThat(runner.state().orElseThrow().phase()).isEqualTo(Phase.VERIFIED);
  }

  @Test
  void pausedProcessLosesItsStepAndChangesNothingMore() throws Exception {
    inPhase(Phase.COPIED);
    Pausable pausable = new Pausable(records);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch paused = new CountDownLatch(1);
    CountDownLatch resumed = new CountDownLatch(1);
    Thread first =
        new Thread(
            () -> {
              try {
                runner(pausable)
                    .run(
                        Transition.VERIFY,
                        (state, owner) -> {
                          pausable.pause();
                          paused.countDown();
                          resumed.await();
                          owner.require();
                          return StepResult.reached(Phase.VERIFIED, "too late");
                        });
              } catch (RuntimeException | InterruptedException e) {
                failure.set(e);
              }
            });
    first.start();
    paused.await();
    StepRunner second = runner(records);
    second.run(
        Transition.VERIFY, (state, owner) -> StepResult.refused(Phase.COPIED, "differences"));
    pausable.resume();
    resumed.countDown();
    first.join();

    assertThat(failure.get()).isInstanceOf(MigrationException.class);
    assertThat(second.state().orElseThrow().phase()).isEqualTo(Phase.COPIED);
    assertThat(second.log()).extracting(LogEntry::text).doesNotContain("too late");
  }

  @Test
  void rollBackDoesNotWaitForTheEndOfAVerification() throws Exception {
    StepRunner runner = inPhase(Phase.COPIED);
    assertThatThrownBy(
            () ->
                runner.run(
                    Transition.VERIFY,
                    (state, owner) -> {
                      runner(records)
                          .run(
                              Transition.ROLLBACK,
                              (other, ownership) -> StepResult.reached(Phase.READY, "back"));
                      return StepResult.reached(Phase.VERIFIED, "too late");
                    }))
        .isInstanceOf(MigrationException.class);
    assertThat(runner.state().orElseThrow().phase()).isEqualTo(Phase.READY);
    assertThat(runner.log()).extracting(LogEntry::text).doesNotContain("too late");
  }

  @Test
  void repetitionHasTheRequestAndTheOriginOfTheInterruptedStep() throws Exception {
    StepRunner runner = inPhase(Phase.VERIFIED);
    assertThatThrownBy(
            () ->
                runner.run(
                    Transition.RAMP,
                    "share=500",
                    () -> "before",
                    (state, owner) -> {
                      throw new IllegalStateException("no answer");
                    }))
        .hasMessage("no answer");
    assertThatThrownBy(() -> runner.run(Transition.RAMP, "share=900", () -> "middle", unreached()))
        .hasMessageContaining("The step ramp (share=500), begun by tester")
        .hasMessageContaining("with the same options");
    assertThatThrownBy(() -> runner.run(Transition.ROLLBACK, "drill", () -> "x", unreached()))
        .hasMessageContaining("The step ramp (share=500), begun by tester");
    List<String> seen = new ArrayList<>();
    runner.run(
        Transition.ROLLBACK,
        "",
        () -> "middle",
        (state, owner) -> {
          seen.add(state.step().request() + " " + state.step().origin());
          return StepResult.reached(state.phase(), "undone");
        });
    assertThat(seen).containsExactly("undo before");
  }

  @Test
  void interruptedFinishIsOnlyRepeated() throws Exception {
    StepRunner runner = inPhase(Phase.REVERSED);
    assertThatThrownBy(
            () ->
                runner.run(
                    Transition.FINISH,
                    (state, owner) -> {
                      throw new IllegalStateException("no answer");
                    }))
        .hasMessage("no answer");
    assertThatThrownBy(() -> runner.run(Transition.ROLLBACK, unreached()))
        .hasMessageContaining("was interrupted. Run it again")
        .hasMessageNotContaining("rollback");
  }

  @Test
  void evidenceThatTheStoresAreEqualEndsWhenTheMigrationGoesBack() throws Exception {
    StepRunner runner = inPhase(Phase.COPIED);
    runner.run(
        Transition.VERIFY,
        (state, owner) ->
            StepResult.reached(
                Phase.VERIFIED,
                "compared",
                new Finding(Instant.EPOCH, new Evidence.Verification(10, 0, 0, 0))));
    runner.run(Transition.ROLLBACK, (state, owner) -> StepResult.reached(Phase.COPIED, "back"));
    assertThat(runner.state().orElseThrow().findings()).isEmpty();
  }

  @Test
  void failedChangeOfTheModeAllowsOnlyItsRepetitionOrARollBack() throws Exception {
    StepRunner runner = inPhase(Phase.READY);
    assertThatThrownBy(
            () ->
                runner.run(
                    Transition.START,
                    (state, owner) -> {
                      throw new IllegalStateException("no answer");
                    }))
        .hasMessage("no answer");

    assertThatThrownBy(() -> runner.run(Transition.PREFLIGHT, unreached()))
        .hasMessageContaining("The step start, begun by tester at")
        .hasMessageContaining("was interrupted. Run it again, or undo it with rollback");
    runner.run(Transition.START, (state, owner) -> StepResult.reached(Phase.MIRRORING, "on"));
    assertThat(runner.state().orElseThrow().phase()).isEqualTo(Phase.MIRRORING);
    assertThat(runner.log()).extracting(LogEntry::succeeded).endsWith(false, true);
  }

  /**
   * Ends the process at each call of the shared records in turn, before and after the call took
   * effect, and has another process complete the step.
   */
  @Test
  void stepThatIsKilledAnywhereIsCompletedByItsRepetition() throws Exception {
    for (int call = 1; ; call++) {
      boolean killed = false;
      for (boolean effective : List.of(false, true)) {
        String table = "t" + call + effective;
        StepRunner planner = new StepRunner(records, table, "a", InstantSource.system(), LEASE);
        planner.plan(PLAN, "planned");
        planner.run(
            Transition.PREFLIGHT, (state, owner) -> StepResult.reached(Phase.READY, "ready"));
        List<String> done = new ArrayList<>();
        StepRunner.Action action =
            (state, owner) -> {
              done.add("on");
              return StepResult.reached(Phase.MIRRORING, "mirrors");
            };
        try {
          new StepRunner(
                  new Mortal(records, call, effective),
                  table,
                  "b",
                  InstantSource.system(),
                  Duration.ofHours(1))
              .run(Transition.START, action);
        } catch (Killed e) {
          killed = true;
        }
        StepRunner again = new StepRunner(records, table, "c", InstantSource.system(), LEASE);
        again.run(Transition.START, action);
        MigrationState state = again.state().orElseThrow();
        assertThat(state.phase()).isEqualTo(Phase.MIRRORING);
        assertThat(state.step()).isNull();
        assertThat(done).isNotEmpty();
        List<LogEntry> log = again.log();
        assertThat(log).extracting(LogEntry::number).doesNotHaveDuplicates();
        assertThat(log).hasSize((int) state.entries());
        assertThat(log.get(log.size() - 1).by()).isEqualTo("c");
      }
      if (!killed) {
        assertThat(call).isGreaterThan(3);
        return;
      }
    }
  }

  private StepRunner inPhase(Phase phase) throws InterruptedException {
    StepRunner runner = runner(records);
    runner.plan(PLAN, "planned");
    runner.run(Transition.PREFLIGHT, (state, owner) -> StepResult.reached(phase, "moved"));
    return runner;
  }

  private static StepRunner runner(SharedRecords records) {
    return new StepRunner(records, "dim_user", "tester", InstantSource.system(), LEASE);
  }

  private static StepRunner.Action unreached() {
    return (state, owner) -> {
      throw new AssertionError("The action must not run");
    };
  }

  /** The end of a process. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Records whose process ends at one call, before or after the call takes effect. */
  private static final class Mortal implements SharedRecords {
    private final SharedRecords records;
    private final boolean effective;
    private int left;

    Mortal(SharedRecords records, int call, boolean effective) {
      this.records = records;
      this.left = call;
      this.effective = effective;
    }

    @Override
    public CompletionStage<Optional<SharedRecord>> read(String name) {
      dieBefore();
      CompletionStage<Optional<SharedRecord>> answer = records.read(name);
      dieAfter();
      return answer;
    }

    @Override
    public CompletionStage<Boolean> replace(String name, long expected, String content) {
      dieBefore();
      CompletionStage<Boolean> answer = records.replace(name, expected, content);
      answer.toCompletableFuture().join();
      dieAfter();
      return answer;
    }

    @Override
    public CompletionStage<SharedRecordPage> list(String prefix, String after, int max) {
      return records.list(prefix, after, max);
    }

    private void dieBefore() {
      left--;
      if (left < 0 || (left == 0 && !effective)) {
        throw new Killed();
      }
    }

    private void dieAfter() {
      if (left <= 0) {
        throw new Killed();
      }
    }
  }

  /** Records of a process that can be stopped: its calls wait until it is continued. */
  private static final class Pausable implements SharedRecords {
    private final SharedRecords records;
    private boolean paused;

    Pausable(SharedRecords records) {
      this.records = records;
    }

    synchronized void pause() {
      paused = true;
    }

    synchronized void resume() {
      paused = false;
      notifyAll();
    }

    private synchronized void pass() {
      while (paused) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    @Override
    public CompletionStage<Optional<SharedRecord>> read(String name) {
      pass();
      return records.read(name);
    }

    @Override
    public CompletionStage<Boolean> replace(String name, long expected, String content) {
      pass();
      return records.replace(name, expected, content);
    }

    @Override
    public CompletionStage<SharedRecordPage> list(String prefix, String after, int max) {
      return records.list(prefix, after, max);
    }
  }
}
