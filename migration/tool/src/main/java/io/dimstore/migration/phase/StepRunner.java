// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.jobs.FailureText;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.phase.MigrationRecords.Versioned;
import io.dimstore.migration.phase.MigrationState.Step;
import io.dimstore.spi.SharedRecords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Carries out the steps of one table's migration. A step is stored before its action begins and
 * removed after its entry was added to the log. So if the process is killed at any moment, the
 * state says which step was under way, and running the step again completes it; actions are
 * idempotent for that reason.
 *
 * <p>One process at a time carries out a step. It counts up a number in the state while it lives.
 * Another process takes the step over once the number has not changed for the lease, by its own
 * monotonic clock. Every change of the state is a compare-and-set, so the first process finds out
 * if it was only paused.
 */
public final class StepRunner {

  /** How long a process may be silent before another one takes its step over. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  private final MigrationRecords records;
  private final EvidenceLog evidence;
  private final String table;
  private final String by;
  private final InstantSource clock;
  private final Duration lease;

  /**
   * Creates a runner.
   *
   * @param records the shared records of the new store
   * @param table the table's name
   * @param by names the person and machine in the log
   * @param clock dates states and log entries
   * @param lease see the class
   */
  public StepRunner(
      SharedRecords records, String table, String by, InstantSource clock, Duration lease) {
    this.records = new MigrationRecords(records, table);
    this.evidence = new EvidenceLog(records, table, by);
    this.table = table;
    this.by = by;
    this.clock = clock;
    this.lease = lease;
  }

  /** What a step does. It must be idempotent, and may run again after it was interrupted. */
  public interface Action {

    /**
     * Does the step's work.
     *
     * @param state the state before the step
     * @param ownership to be asked before each change of what readers and writers do
     */
    StepResult run(MigrationState state, Ownership ownership) throws InterruptedException;
  }

  /** Returns the state; empty if there is no migration of the table. */
  public Optional<MigrationState> state() throws InterruptedException {
    return records.read().map(Versioned::state);
  }

  /** Returns the audit log, oldest entry first. */
  public List<LogEntry> log() throws InterruptedException {
    return records.log();
  }

  /** Tells the mode of the table, as it is stored. */
  public interface Origin {

    /** Reads the mode. */
    String read() throws InterruptedException;
  }

  /**
   * Begins a migration. If there is one that is only planned, its plan is replaced.
   *
   * @throws MigrationException if the migration is beyond its plan
   */
  public MigrationState plan(MigrationState.Plan plan, String text) throws InterruptedException {
    while (true) {
      Optional<Versioned> found = replaceable();
      long revision = found.map(Versioned::revision).orElse(0L);
      MigrationState before =
          found
              .map(Versioned::state)
              .orElseGet(() -> MigrationState.planned(table, plan, clock.instant()));
      long number =
          records.append(
              new LogEntry(
                  before.entries() + 1,
                  clock.instant(),
                  null,
                  by,
                  null,
                  Phase.PLANNED,
                  true,
                  text,
                  null));
      MigrationState planned =
          MigrationState.planned(table, plan, clock.instant())
              .after(Phase.PLANNED, before.findings(), number, clock.instant());
      if (records.replace(revision, planned)) {
        return planned;
      }
    }
  }

  /**
   * Checks whether a migration may be planned now, and changes nothing.
   *
   * @return the state with the plan that would be replaced; empty if there is none
   * @throws MigrationException if the migration is beyond its plan
   */
  public Optional<MigrationState> checkPlan() throws InterruptedException {
    return replaceable().map(Versioned::state);
  }

  private Optional<Versioned> replaceable() throws InterruptedException {
    Optional<Versioned> found = records.read();
    if (found.isPresent() && found.get().state().phase() != Phase.PLANNED) {
      throw new MigrationException(
          "The migration of "
              + table
              + " is in phase "
              + found.get().state().phase().label()
              + ": its plan cannot change any more");
    }
    return found;
  }

  /**
   * Checks whether a step may run now, and changes nothing.
   *
   * @return the state
   * @throws MigrationException if the step may not run; the message says why and what to do
   */
  public MigrationState check(Transition transition) throws InterruptedException {
    return allowed(transition).state();
  }

  /**
   * Checks whether a step may run now, and changes nothing. An interrupted step may only be
   * repeated with its own request.
   *
   * @param request what distinguishes this step from others of its kind; empty if nothing does
   * @return the state
   * @throws MigrationException if the step may not run; the message says why and what to do
   */
  public MigrationState check(Transition transition, String request) throws InterruptedException {
    MigrationState state = check(transition);
    Step interrupted = state.step();
    if (interrupted != null && interrupted.transition().changesMode()) {
      var unused = continued(transition, request, interrupted);
    }
    return state;
  }

  /**
   * Carries out a step that does not change the mode.
   *
   * @throws MigrationException if the step may not run now, or another process took it over
   */
  public StepResult run(Transition transition, Action action) throws InterruptedException {
    return run(transition, "", () -> "", action);
  }

  /**
   * Carries out a step. If an interrupted step of the same kind is repeated, the action sees the
   * origin of the first attempt. A roll-back of another interrupted step sees that step's origin.
   *
   * @param request what distinguishes this step from others of its kind; empty if nothing does
   * @param origin reads the mode of the table
   * @throws MigrationException if the step may not run now, or another process took it over
   */
  public StepResult run(Transition transition, String request, Origin origin, Action action)
      throws InterruptedException {
    Ownership ownership = begin(transition, request, origin);
    MigrationState before = ownership.state();
    StepResult result;
    try (ownership) {
      result = action.run(before, ownership);
    } catch (RuntimeException e) {
      fail(ownership, transition, e);
      throw e;
    }
    // The log says nothing of a step that another process has taken over.
    ownership.confirm();
    List<Finding> recorded = evidence.record(before.subject(), result.findings());
    long number = log(ownership, transition, result);
    MigrationState after = before.after(result.phase(), recorded, number, clock.instant());
    Long takeOvers = result.takeOvers();
    ownership.end(takeOvers == null ? after : after.withTakeOvers(takeOvers));
    return result;
  }

  /** The request of a roll-back that undoes an interrupted step. */
  public static final String UNDO = "undo";

  private Ownership begin(Transition transition, String request, Origin origin)
      throws InterruptedException {
    while (true) {
      Versioned found = allowed(transition);
      Step interrupted = found.state().step();
      Step step =
          interrupted == null || !interrupted.transition().changesMode()
              ? step(transition, request, origin.read())
              : continued(transition, request, interrupted);
      MigrationState begun = found.state().withStep(step);
      if (records.replace(found.revision(), begun)) {
        return new Ownership(
            records, new Versioned(found.revision() + 1, begun), lease, "migrate-" + table);
      }
    }
  }

  private Step step(Transition transition, String request, String origin) {
    return new Step(
        transition, UUID.randomUUID().toString(), by, clock.instant(), 0, request, origin, null);
  }

  private Step continued(Transition transition, String request, Step interrupted) {
    boolean undoes =
        transition == Transition.ROLLBACK && interrupted.transition() != Transition.ROLLBACK;
    if (undoes && request.isEmpty()) {
      return step(transition, UNDO, interrupted.origin());
    }
    boolean isDrill =
        interrupted.transition() == Transition.ROLLBACK
            && !interrupted.request().isEmpty()
            && !interrupted.request().equals(UNDO);
    if (isDrill && transition == Transition.ROLLBACK && request.isEmpty()) {
      // A roll-back in earnest does not wait until the drill has restored the mode.
      return step(transition, "", interrupted.origin());
    }
    boolean undoesAgain = request.isEmpty() && interrupted.request().equals(UNDO);
    if (undoes || !(interrupted.request().equals(request) || undoesAgain)) {
      throw new MigrationException(
          "The step "
              + interrupted.transition().command()
              + (interrupted.request().isEmpty() ? "" : " (" + interrupted.request() + ")")
              + ", begun by "
              + interrupted.by()
              + " at "
              + interrupted.began()
              + ", was interrupted. Run it again with the same options, or undo it with rollback");
    }
    return step(transition, interrupted.request(), interrupted.origin());
  }

  private Versioned allowed(Transition transition) throws InterruptedException {
    Versioned found = current(transition);
    Step step = found.state().step();
    if (step == null) {
      return found;
    }
    // A roll-back does not wait for the end of a long measurement.
    boolean preempts = transition == Transition.ROLLBACK && !step.transition().changesMode();
    if (step.mayBeRunning() && !preempts) {
      found = afterLease(transition, found);
    }
    boolean continues =
        step.transition() == transition
            || (transition == Transition.ROLLBACK && step.transition() != Transition.FINISH);
    if (step.transition().changesMode() && !continues) {
      throw new MigrationException(
          "The step "
              + step.transition().command()
              + ", begun by "
              + step.by()
              + " at "
              + step.began()
              + ", was interrupted. Run it again"
              + (step.transition() == Transition.FINISH ? "" : ", or undo it with rollback"));
    }
    return found;
  }

  private Versioned current(Transition transition) throws InterruptedException {
    Versioned found =
        records
            .read()
            .orElseThrow(
                () ->
                    new MigrationException(
                        "There is no migration of " + table + ": begin with migrate plan"));
    Phase phase = found.state().phase();
    Step step = found.state().step();
    boolean undoes =
        transition == Transition.ROLLBACK && step != null && step.transition().changesMode();
    if (!transition.isAllowedIn(phase) && !undoes) {
      throw new MigrationException(
          "The migration of "
              + table
              + " is in phase "
              + phase.label()
              + "; "
              + transition.command()
              + " needs "
              + transition.phases());
    }
    return found;
  }

  /** Waits until the step has shown no sign of life for the lease. */
  private Versioned afterLease(Transition transition, Versioned seen) throws InterruptedException {
    Step step = Objects.requireNonNull(seen.state().step());
    long until = System.nanoTime() + lease.toNanos();
    while (System.nanoTime() < until) {
      Thread.sleep(Math.min(lease.toMillis(), 200));
      Versioned now = current(transition);
      if (now.revision() != seen.revision()) {
        throw new MigrationException(
            "The step "
                + step.transition().command()
                + " of "
                + table
                + " is being carried out by "
                + step.by()
                + " since "
                + step.began()
                + ". Wait for its end, or end that process");
      }
    }
    return seen;
  }

  private void fail(Ownership ownership, Transition transition, RuntimeException failure) {
    try {
      MigrationState state = ownership.state();
      StepResult failed = StepResult.refused(state.phase(), FailureText.inOneLine(failure));
      ownership.confirm();
      long number = log(ownership, transition, failed);
      MigrationState after = state.after(state.phase(), failed.findings(), number, clock.instant());
      // Whether the action changed the mode before it failed is not known.
      Step step = Objects.requireNonNull(state.step());
      ownership.end(transition.changesMode() ? after.withStep(step.failed()) : after);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure.addSuppressed(e);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private long log(Ownership ownership, Transition transition, StepResult result)
      throws InterruptedException {
    MigrationState state = ownership.state();
    return records.append(
        new LogEntry(
            state.entries() + 1,
            clock.instant(),
            transition,
            by,
            state.phase(),
            result.phase(),
            result.succeeded(),
            result.text(),
            result.forced()));
  }
}
