// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A step of a migration: the phases in which it may run, and how it is undone. */
public enum Transition {
  /** Checks the stores, their tables and the writers. */
  PREFLIGHT(
      false, EnumSet.range(Phase.PLANNED, Phase.RAMPING), "nothing to undo: it changes nothing"),
  /** Sends every write to both stores. */
  START(true, EnumSet.of(Phase.READY, Phase.MIRRORING), "rollback"),
  /** Copies the rows. */
  BACKFILL(
      false,
      EnumSet.range(Phase.MIRRORING, Phase.VERIFIED),
      "nothing to undo: the copy is not read"),
  /** Compares all rows of both stores. */
  VERIFY(false, EnumSet.range(Phase.COPIED, Phase.REVERSED), "nothing to undo: it changes nothing"),
  /** Measures lookups, throttling and cost. */
  MEASURE(
      false, EnumSet.range(Phase.COPIED, Phase.REVERSED), "nothing to undo: it only looks up rows"),
  /** Takes the result of the feature job on both stores as evidence. */
  REPLAY(false, EnumSet.range(Phase.READY, Phase.REVERSED), "nothing to undo: it changes nothing"),
  /** Compares a sample of the lookups. */
  SHADOW(true, EnumSet.range(Phase.COPIED, Phase.REVERSED), "shadow --share 0"),
  /** Lets the new store answer a part of the lookups. */
  RAMP(true, EnumSet.of(Phase.VERIFIED, Phase.RAMPING), "ramp --share 0"),
  /** Makes the new store the primary. */
  CUTOVER(true, EnumSet.of(Phase.VERIFIED, Phase.RAMPING, Phase.CUT_OVER), "rollback"),
  /** Shows that the old store is still equal. */
  REVERSE(false, EnumSet.of(Phase.CUT_OVER, Phase.REVERSED), "nothing to undo: it changes nothing"),
  /** Makes the old store the primary again, or ends the mirroring. */
  ROLLBACK(true, EnumSet.range(Phase.MIRRORING, Phase.REVERSED), "the steps that led to the phase"),
  /** Ends the writes to the old store. */
  FINISH(true, EnumSet.of(Phase.REVERSED, Phase.FINISHED), "a migration in the other direction");

  private final boolean changesMode;
  private final Set<Phase> allowedIn;
  private final String undo;

  Transition(boolean changesMode, Set<Phase> allowedIn, String undo) {
    this.changesMode = changesMode;
    this.allowedIn = allowedIn;
    this.undo = undo;
  }

  /** Returns whether this step may run in a phase. */
  public boolean isAllowedIn(Phase phase) {
    return allowedIn.contains(phase);
  }

  /**
   * Returns whether this step changes what readers and writers do. If such a step is interrupted,
   * it has to be repeated or rolled back before any other.
   */
  public boolean changesMode() {
    return changesMode;
  }

  /** Returns how the step is undone, for people. */
  public String undo() {
    return undo;
  }

  /** Returns the name of the command. */
  public String command() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the phases in which this step may run, for messages. */
  String phases() {
    return allowedIn.stream().map(Phase::label).collect(Collectors.joining(", "));
  }
}
