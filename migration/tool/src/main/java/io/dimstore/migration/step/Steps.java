// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.GateResult;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.StepRunner.Action;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The steps that change what readers and writers of a mirrored table do. */
public final class Steps {

  private final ModeSwitch modes;
  private final MirroredTable table;
  private final InstantSource clock;

  /** Creates the steps of a table. */
  public Steps(MirroredTable table, InstantSource clock) {
    this.modes = new ModeSwitch(table);
    this.table = table;
    this.clock = clock;
  }

  /** Returns the step that sends every write to both stores. */
  public Action start() {
    return (state, ownership) -> {
      modes.change(mode -> mode.isMirrored() ? mode : mode.withOther(Other.WRITTEN), ownership);
      Phase reached = state.phase() == Phase.READY ? Phase.MIRRORING : state.phase();
      return StepResult.reached(reached, "every write goes to both stores");
    };
  }

  /**
   * Returns the step that compares a sample of the lookups.
   *
   * @param basisPoints share of the keys; 0 to end it
   * @param with what the lookups are compared with
   */
  public Action shadow(int basisPoints, ShadowWith with) {
    return (state, ownership) -> {
      String series = String.valueOf(state.entries() + 1);
      modes.change(mode -> mode.withShadow(basisPoints, with, series), ownership);
      return StepResult.reached(
          state.phase(), percent(basisPoints) + " of the keys are compared, series " + series);
    };
  }

  /**
   * Returns the step that sets the share of lookups that the new store answers.
   *
   * @param basisPoints share of the keys
   */
  public Action ramp(int basisPoints) {
    return (state, ownership) -> {
      modes.change(mode -> mode.withReadsTo(basisPoints), ownership);
      return StepResult.reached(
          basisPoints == 0 ? Phase.VERIFIED : Phase.RAMPING,
          "the new store answers the lookups of " + percent(basisPoints) + " of the keys");
    };
  }

  /**
   * Returns the step that makes the new store the primary, if all gates hold.
   *
   * @param force the reason to pass gates that do not hold, or null
   */
  public Action cutover(@Nullable String force) {
    return (state, ownership) -> {
      Finding intents = pending();
      List<GateResult> gates = gates(state, intents);
      List<String> open =
          gates.stream()
              .filter(gate -> !gate.holds())
              .map(gate -> gate.gate().label() + " (" + gate.text() + ")")
              .toList();
      // A repetition after an interruption completes the change that was already decided.
      boolean decided = modes.current().primary() == Side.TO;
      if (!open.isEmpty() && force == null && !decided) {
        return StepResult.refused(state.phase(), "refused: " + String.join("; ", open), intents);
      }
      modes.change(
          mode -> mode.withPrimary(Side.TO).withOther(Other.WRITTEN).withReadsTo(MirrorMode.ALL),
          ownership);
      StepResult done =
          StepResult.reached(
              Phase.CUT_OVER, "the new store decides; the old store receives every write", intents);
      return open.isEmpty() || force == null ? done : done.forcedBy(force);
    };
  }

  /**
   * Returns the step that makes the old store the primary again, or ends the mirroring if it is.
   *
   * @param drill whether to go back to the present mode afterwards, to measure how long the way
   *     takes
   */
  public Action rollBack(boolean drill) {
    return (state, ownership) -> {
      MirrorMode before = modes.current();
      if (drill) {
        long began = System.nanoTime();
        modes.change(Steps::oldStoreAnswers, ownership);
        double seconds = (System.nanoTime() - began) / 1e9;
        modes.change(mode -> before, ownership);
        return StepResult.reached(
            state.phase(),
            String.format(Locale.ROOT, "drill: the old store answered after %.1f s", seconds),
            new Finding(now(), new Evidence.RollBackDrill(seconds)));
      }
      boolean wasAhead = before.primary() == Side.TO || before.readsTo() > 0;
      if (wasAhead) {
        modes.change(Steps::oldStoreAnswers, ownership);
        return StepResult.reached(
            state.phase().compareTo(Phase.VERIFIED) > 0 ? Phase.VERIFIED : state.phase(),
            "the old store decides and answers; the new store receives every write");
      }
      modes.change(
          mode -> ModePath.readsAndShadowsPrimary(mode).withOther(Other.UNUSED), ownership);
      return StepResult.reached(Phase.READY, "the old store alone is read and written");
    };
  }

  /**
   * Returns the step that shows that the old store is still equal: by a verification since the
   * cut-over, and without pending writes.
   */
  public Action reverse() {
    return (state, ownership) -> {
      Finding intents = pending();
      long keys = ((Evidence.OpenIntents) intents.evidence()).keys();
      boolean verified =
          state.findings().stream()
              .filter(finding -> finding.at().isAfter(state.since()))
              .map(Finding::evidence)
              .anyMatch(
                  found ->
                      found instanceof Evidence.Verification verification && isEqual(verification));
      if (state.phase() == Phase.REVERSED || (verified && keys == 0)) {
        return StepResult.reached(
            Phase.REVERSED, "the old store has every row of the new one", intents);
      }
      String why =
          verified
              ? keys + " keys of writes wait for the old store"
              : "no verification since the cut-over found both stores equal: run migrate verify";
      return StepResult.refused(state.phase(), "refused: " + why, intents);
    };
  }

  /** Returns the step that ends the writes to the old store. */
  public Action finish() {
    return (state, ownership) -> {
      modes.change(
          mode -> ModePath.readsAndShadowsPrimary(mode).withOther(Other.UNUSED), ownership);
      return StepResult.reached(Phase.FINISHED, "the new store alone is read and written");
    };
  }

  /**
   * Returns the result of a verification as a step of the migration.
   *
   * @param state the state before
   * @param found what was compared
   */
  public static StepResult verified(MigrationState state, Finding found) {
    Evidence.Verification verification = (Evidence.Verification) found.evidence();
    String text = verification.differences() + " differences in " + verification.rows() + " rows";
    if (!isEqual(verification)) {
      return StepResult.refused(state.phase(), text, found);
    }
    Phase reached = state.phase() == Phase.COPIED ? Phase.VERIFIED : state.phase();
    return StepResult.reached(reached, text, found);
  }

  private static boolean isEqual(Evidence.Verification found) {
    return found.rows() > 0 && found.differences() == 0;
  }

  /**
   * Judges the gates by the stored evidence and what can be measured now.
   *
   * @param state the state of the migration
   * @param measured the newest count of pending writes
   */
  public List<GateResult> gates(MigrationState state, Finding measured)
      throws InterruptedException {
    List<Finding> all = new ArrayList<>(state.findings());
    all.add(measured);
    MirrorMode mode = modes.current();
    if (mode.shadow() > 0 && mode.shadowWith() == ShadowWith.OTHER) {
      table.shadowReads(mode.series()).ifPresent(all::add);
    }
    return GateResult.all(all, state.limits(), now());
  }

  /** Counts the pending writes. */
  public Finding pending() throws InterruptedException {
    return new Finding(now(), new Evidence.OpenIntents(table.pending()));
  }

  private static MirrorMode oldStoreAnswers(MirrorMode mode) {
    return mode.withPrimary(Side.FROM).withOther(Other.WRITTEN).withReadsTo(0);
  }

  private Instant now() {
    return clock.instant();
  }

  private static String percent(int basisPoints) {
    return String.format(Locale.ROOT, "%.2f %%", basisPoints / 100.0);
  }
}
