// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.migration.certificate.Certificate;
import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.Gate;
import io.dimstore.migration.gate.GateResult;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.MigrationState;
import io.dimstore.migration.phase.Phase;
import io.dimstore.migration.phase.StepResult;
import io.dimstore.migration.phase.StepRunner;
import io.dimstore.migration.phase.StepRunner.Action;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.MirrorMode.ShadowWith;
import io.dimstore.mirror.control.MirrorMode.Side;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The steps that change what readers and writers of a mirrored table do. */
public final class Steps {

  private static final Set<Gate> NEVER_PASSED = EnumSet.of(Gate.VERIFIED, Gate.INTENTS_DONE);

  private static final String NOTHING_TO_DRILL =
      "there is nothing to go back from; ramp or cut over first";

  private final ModeSwitch modes;
  private final MirroredTable table;
  private final InstantSource clock;

  /** Creates the steps of a table. */
  public Steps(MirroredTable table, InstantSource clock) {
    this.modes = new ModeSwitch(table);
    this.table = table;
    this.clock = clock;
  }

  /**
   * Says what {@link #start} or {@link #shadow} would answer now. Changes nothing, as all methods
   * of this kind.
   *
   * @throws MigrationException if the step would fail
   */
  public Outlook outlook(MigrationState state) throws InterruptedException {
    requireNoTakeOver(state);
    return Outlook.GOOD;
  }

  /** Returns the step that sends every write to both stores. */
  public Action start() {
    return (state, ownership) -> {
      requireNoTakeOver(state);
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
      requireNoTakeOver(state);
      Optional<Finding> noise = noise(state, origin(state));
      // Each attempt counts under a new name, so that earlier counts are not included.
      String series = UUID.randomUUID().toString();
      modes.change(mode -> mode.withShadow(basisPoints, with, series), ownership);
      String text = percent(basisPoints) + " of the keys are compared, series " + series;
      return noise
          .map(
              found ->
                  StepResult.reached(
                      state.phase(),
                      text + "; " + ((Evidence.ShadowNoise) found.evidence()).text(),
                      found))
          .orElseGet(() -> StepResult.reached(state.phase(), text));
    };
  }

  /** Counts the differences of the deciding store with itself, if a mode compares these. */
  private Optional<Finding> noise(MigrationState state, MirrorMode mode)
      throws InterruptedException {
    if (mode.shadow() == 0 || mode.shadowWith() != ShadowWith.PRIMARY) {
      return Optional.empty();
    }
    return table
        .shadowReads(mode.series(), now().minus(state.limits().verificationAge()))
        .map(
            found -> {
              Evidence.ShadowReads reads = (Evidence.ShadowReads) found.evidence();
              return new Finding(
                  found.at(), new Evidence.ShadowNoise(reads.compared(), reads.mismatched()));
            });
  }

  /**
   * Returns the step that sets the share of lookups that the new store answers.
   *
   * @param basisPoints share of the keys
   */
  public Action ramp(int basisPoints) {
    return (state, ownership) -> {
      requireNoTakeOver(state);
      Finding intents = pending();
      String missing = whyNoRamp(state, basisPoints, intents);
      if (missing != null) {
        return StepResult.refused(state.phase(), "refused: " + missing, intents);
      }
      modes.change(mode -> mode.withReadsTo(basisPoints), ownership);
      return StepResult.reached(
          basisPoints == 0 ? Phase.VERIFIED : Phase.RAMPING,
          "the new store answers the lookups of " + percent(basisPoints) + " of the keys");
    };
  }

  /**
   * Says what {@link #ramp} would answer now.
   *
   * @throws MigrationException if the step would fail
   */
  public Outlook rampOutlook(MigrationState state, int basisPoints) throws InterruptedException {
    requireNoTakeOver(state);
    return new Outlook(List.of(), whyNoRamp(state, basisPoints, pending()));
  }

  private @Nullable String whyNoRamp(MigrationState state, int basisPoints, Finding intents)
      throws InterruptedException {
    return basisPoints == 0 ? null : whyNotEqual(state, intents);
  }

  /**
   * Returns the step that makes the new store the primary, if all gates hold. Two gates have to
   * hold whatever the reason is, those of the verification and of pending writes, because rows
   * would be lost otherwise.
   *
   * @param force the reason to pass other gates that do not hold, or null
   */
  public Action cutover(@Nullable String force) {
    return (state, ownership) -> {
      requireNoTakeOver(state);
      // A repetition completes a change that was decided before the interruption.
      boolean decided = isDecided();
      List<Finding> measured = table.evidence().record(state.subject(), measured(state));
      Finding[] findings = measured.toArray(Finding[]::new);
      Instant now = now();
      List<GateResult> gates = gates(state, measured, now);
      List<GateResult> open = open(gates);
      String text = text(open);
      if (!mayPass(open, force) && !decided) {
        return StepResult.refused(state.phase(), "refused: " + text, findings);
      }
      String passed = "";
      if (!decided) {
        ownership.require();
        Certificate certificate =
            table.certificates().add(state, gates, open.isEmpty() ? null : force, now);
        passed =
            (open.isEmpty() ? "; all gates held" : "; passed: " + text)
                + "; certificate "
                + certificate.sha256();
      }
      modes.change(
          mode -> mode.withPrimary(Side.TO).withOther(Other.WRITTEN).withReadsTo(MirrorMode.ALL),
          ownership);
      StepResult done =
          StepResult.reached(
              Phase.CUT_OVER,
              "the new store decides; the old store receives every write" + passed,
              findings);
      return force == null ? done : done.forcedBy(force);
    };
  }

  /**
   * Says what {@link #cutover} would answer now, with the gates that it would judge.
   *
   * @throws MigrationException if the step would fail
   */
  public Outlook cutoverOutlook(MigrationState state, @Nullable String force)
      throws InterruptedException {
    requireNoTakeOver(state);
    List<GateResult> gates = gates(state);
    List<GateResult> open = open(gates);
    return new Outlook(gates, mayPass(open, force) || isDecided() ? null : text(open));
  }

  private boolean isDecided() throws InterruptedException {
    return modes.current().primary() == Side.TO;
  }

  private static List<GateResult> open(List<GateResult> gates) {
    return gates.stream().filter(gate -> !gate.holds()).toList();
  }

  private static boolean mayPass(List<GateResult> open, @Nullable String force) {
    return open.isEmpty()
        || (force != null && open.stream().noneMatch(gate -> NEVER_PASSED.contains(gate.gate())));
  }

  private static String text(List<GateResult> open) {
    return open.stream()
        .map(gate -> gate.gate().label() + " (" + gate.text() + ")")
        .collect(Collectors.joining("; "));
  }

  /**
   * Returns the step that goes back: to the mode before an interrupted step if there is one;
   * otherwise the old store becomes the primary again, or, if it is, the mirroring ends.
   */
  public Action rollBack() {
    return (state, ownership) -> {
      long takeOvers = modes.takeOvers();
      if (takeOvers != state.takeOvers()) {
        // Only the old store was written since then: nothing that was reached before counts.
        modes.change(mode -> mode, ownership);
        return StepResult.reached(
                Phase.READY,
                "the old store alone is read and written since it took over"
                    + table.takeOver(takeOvers))
            .dealtWith(takeOvers);
      }
      MirrorMode origin = origin(state);
      if (step(state).request().equals(StepRunner.UNDO)) {
        modes.change(mode -> origin, ownership);
        return StepResult.reached(state.phase(), "the interrupted step was undone");
      }
      if (isAhead(origin)) {
        modes.change(Steps::oldStoreAnswers, ownership);
        return StepResult.reached(
            state.phase().compareTo(Phase.COPIED) > 0 ? Phase.COPIED : state.phase(),
            "the old store decides and answers; the new store receives every write");
      }
      modes.change(
          mode -> ModePath.readsAndShadowsPrimary(mode).withOther(Other.UNUSED), ownership);
      return StepResult.reached(Phase.READY, "the old store alone is read and written");
    };
  }

  /**
   * Returns the step that lets the old store answer for a moment and then restores the mode. It
   * measures how long the first change takes.
   */
  public Action drill() {
    return (state, ownership) -> {
      requireNoTakeOver(state);
      MirrorMode origin = origin(state);
      if (!isAhead(origin)) {
        return StepResult.refused(state.phase(), "refused: " + NOTHING_TO_DRILL);
      }
      long began = System.nanoTime();
      modes.change(Steps::oldStoreAnswers, ownership);
      double seconds = (System.nanoTime() - began) / 1e9;
      modes.change(mode -> origin, ownership);
      return StepResult.reached(
          state.phase(),
          String.format(Locale.ROOT, "drill: the old store answered after %.1f s", seconds),
          new Finding(now(), new Evidence.RollBackDrill(seconds)));
    };
  }

  /**
   * Says what {@link #drill} would answer now.
   *
   * @throws MigrationException if the step would fail
   */
  public Outlook drillOutlook(MigrationState state) throws InterruptedException {
    requireNoTakeOver(state);
    MigrationState.Step interrupted = state.step();
    boolean continues = interrupted != null && interrupted.transition().changesMode();
    MirrorMode origin = continues ? origin(state) : modes.current();
    return new Outlook(List.of(), isAhead(origin) ? null : NOTHING_TO_DRILL);
  }

  private void requireNoTakeOver(MigrationState state) throws InterruptedException {
    long takeOvers = modes.takeOvers();
    if (takeOvers != state.takeOvers()) {
      throw new MigrationException(
          "The old store took over without the new one"
              + table.takeOver(takeOvers)
              + ". The new store lacks what was written since then: run rollback, and begin again"
              + " with start");
    }
  }

  private static boolean isAhead(MirrorMode mode) {
    return mode.isMirrored() && (mode.primary() == Side.TO || mode.readsTo() > 0);
  }

  private static MigrationState.Step step(MigrationState state) {
    return Objects.requireNonNull(state.step(), "An action runs within its step");
  }

  private static MirrorMode origin(MigrationState state) {
    return MirrorMode.parse(step(state).origin());
  }

  /** Returns the mode as it is stored, for the origin of a step. */
  public String mode() throws InterruptedException {
    return modes.origin();
  }

  /**
   * Returns the step that shows that the old store is still equal: by a verification since the
   * cut-over, and without pending writes.
   */
  public Action reverse() {
    return (state, ownership) -> {
      requireNoTakeOver(state);
      requireNewStoreDecides();
      Finding intents = pending();
      String missing = whyNotEqual(state, intents);
      return missing == null
          ? StepResult.reached(
              Phase.REVERSED, "the old store has every row of the new one", intents)
          : StepResult.refused(state.phase(), "refused: " + missing, intents);
    };
  }

  /**
   * Says what {@link #reverse} would answer now.
   *
   * @throws MigrationException if the step would fail
   */
  public Outlook reverseOutlook(MigrationState state) throws InterruptedException {
    requireNoTakeOver(state);
    requireNewStoreDecides();
    return new Outlook(List.of(), whyNotEqual(state, pending()));
  }

  private void requireNewStoreDecides() throws InterruptedException {
    if (modes.current().primary() != Side.TO) {
      throw new MigrationException(
          "The old store decides, although the cut-over is over: the mode was changed by hand. Set it"
              + " back with rollback, and cut over again");
    }
  }

  /** Returns what is missing to say that both stores are equal now, or null if nothing is. */
  private @Nullable String whyNotEqual(MigrationState state, Finding intents)
      throws InterruptedException {
    // What has led to the phase REVERSED counts there too, so that reverse can be repeated.
    boolean isInPhase =
        state.phase() != Phase.CUT_OVER || state.verificationEntry() > state.phaseEntry();
    Finding verified =
        state.findings().stream()
            .filter(found -> isInPhase)
            .filter(found -> found.isYoungerThan(state.limits().verificationAge(), now()))
            .filter(
                found ->
                    found.evidence() instanceof Evidence.Verification verification
                        && isEqual(verification))
            .findFirst()
            .orElse(null);
    String problem = verified == null ? null : table.evidence().problem(state.subject(), verified);
    if (problem != null) {
      return "the verification is " + problem;
    }
    if (verified == null) {
      return "no verification in this phase found both stores equal: run migrate verify";
    }
    return whyPending(intents);
  }

  private static @Nullable String whyPending(Finding intents) {
    long keys = ((Evidence.OpenIntents) intents.evidence()).keys();
    return keys == 0 ? null : keys + " keys of writes wait for the other store";
  }

  /** Returns the step that ends the writes to the old store. */
  public Action finish() {
    return (state, ownership) -> {
      requireNoTakeOver(state);
      requireNewStoreDecides();
      Finding intents = pending();
      String missing = whyNoFinish(intents);
      if (missing != null) {
        return StepResult.refused(state.phase(), "refused: " + missing, intents);
      }
      modes.change(
          mode -> ModePath.readsAndShadowsPrimary(mode).withOther(Other.UNUSED), ownership);
      return StepResult.reached(Phase.FINISHED, "the new store alone is read and written");
    };
  }

  /**
   * Says what {@link #finish} would answer now.
   *
   * @throws MigrationException if the step would fail
   */
  public Outlook finishOutlook(MigrationState state) throws InterruptedException {
    requireNoTakeOver(state);
    requireNewStoreDecides();
    return new Outlook(List.of(), whyNoFinish(pending()));
  }

  private @Nullable String whyNoFinish(Finding intents) throws InterruptedException {
    return modes.current().isMirrored() ? whyPending(intents) : null;
  }

  /**
   * Returns the result of a verification as a step of the migration.
   *
   * @param state the state before
   * @param found what was compared
   */
  public static StepResult verified(MigrationState state, Finding found) {
    Evidence.Verification verification = (Evidence.Verification) found.evidence();
    String text = verification.differencesInRows();
    if (!isEqual(verification)) {
      Phase demoted = state.phase() == Phase.VERIFIED ? Phase.COPIED : state.phase();
      return StepResult.refused(demoted, text, found);
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
   */
  public List<GateResult> gates(MigrationState state) throws InterruptedException {
    List<Finding> measured = measured(state);
    return gates(state, measured, now());
  }

  private List<GateResult> gates(MigrationState state, List<Finding> measured, Instant now)
      throws InterruptedException {
    List<Finding> all = new ArrayList<>(measured);
    Map<Finding, String> problems = new HashMap<>();
    for (Finding stored : state.findings()) {
      // What was measured just now replaces what was stored before; sums of shadow reads always
      // are those of the current series.
      if (!(stored.evidence() instanceof Evidence.ShadowReads)
          && measured.stream().noneMatch(one -> isSameKind(one, stored))) {
        all.add(stored);
        String problem = table.evidence().problem(state.subject(), stored);
        if (problem != null) {
          problems.put(stored, problem);
        }
      }
    }
    return GateResult.all(all, state.limits(), now, problems::get);
  }

  private static boolean isSameKind(Finding one, Finding another) {
    return one.evidence().getClass().equals(another.evidence().getClass());
  }

  /** Measures what a cut-over measures itself. */
  private List<Finding> measured(MigrationState state) throws InterruptedException {
    List<Finding> measured = new ArrayList<>();
    measured.add(pending());
    MirrorMode mode = modes.current();
    Instant now = now();
    if (mode.shadow() > 0 && mode.shadowWith() == ShadowWith.OTHER) {
      table
          .shadowReads(mode.series(), now.minus(state.limits().verificationAge()))
          .ifPresent(measured::add);
    }
    noise(state, mode).ifPresent(measured::add);
    table.replication(state).ifPresent(measured::add);
    return measured;
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
