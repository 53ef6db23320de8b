// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.phase;

import io.dimstore.migration.gate.Evidence;
import io.dimstore.migration.gate.Finding;
import io.dimstore.migration.gate.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a table's migration. Immutable.
 *
 * @param format version of the stored format
 * @param table the table's name
 * @param subject what is migrated
 * @param propagation the time after which every job acts on a change of the mode
 * @param mirrorOptions the options of the store mirror that the jobs set
 * @param mirroring number of the log entry with which the writes to both stores last began; 0
 *     before. A copy that began under another number may lack writes
 * @param takeOvers how often the old store has taken over alone, as far as a roll-back has dealt
 *     with it
 * @param phase where the migration stands
 * @param since when it reached the phase, for people
 * @param phaseEntry number of the log entry with which it reached the phase
 * @param verificationEntry number of the log entry of the verification among the findings, 0 if
 *     there is none. Unlike dates of several machines, these numbers tell what came first
 * @param limits the limits of the gates
 * @param findings the newest evidence of each kind
 * @param entries number of entries in the log
 * @param step the step that is being carried out, or null
 */
public record MigrationState(
    int format,
    String table,
    Subject subject,
    Duration propagation,
    Map<String, String> mirrorOptions,
    long mirroring,
    long takeOvers,
    Phase phase,
    Instant since,
    long phaseEntry,
    long verificationEntry,
    Limits limits,
    List<Finding> findings,
    long entries,
    @Nullable Step step) {

  /** The format that this version writes, and the newest that it reads. */
  static final int FORMAT = 1;

  /** Copies the collections. */
  public MigrationState {
    mirrorOptions = new TreeMap<>(mirrorOptions);
    findings = List.copyOf(findings);
  }

  /**
   * A step that is being carried out.
   *
   * @param transition what is done
   * @param id identifies the process and the attempt; empty if the attempt has failed
   * @param by who runs it, for people
   * @param began when it began
   * @param beat counts up while its process lives
   * @param request what distinguishes this step from others of its kind, such as a share; a
   *     repetition has to request the same
   * @param origin the mode of the table when the step began, as it is stored
   * @param progress how far it is, or null if it does not report that
   */
  public record Step(
      Transition transition,
      String id,
      String by,
      Instant began,
      long beat,
      String request,
      String origin,
      @Nullable Progress progress) {

    /** Returns whether a process may still be working on it. */
    public boolean mayBeRunning() {
      return !id.isEmpty();
    }

    Step failed() {
      return new Step(transition, "", by, began, beat, request, origin, null);
    }

    Step withNextBeat(@Nullable Progress reached) {
      return new Step(transition, id, by, began, beat + 1, request, origin, reached);
    }
  }

  /**
   * How far a step is.
   *
   * @param what what is counted
   * @param done how many are done
   * @param total how many there are, or -1 if that is not known
   * @param since when this part of the step began
   */
  public record Progress(String what, long done, long total, Instant since) {

    /** Returns the time left at the rate so far, in seconds; empty if that is not known. */
    public OptionalLong secondsLeft(Instant now) {
      long seconds = Math.max(0, Duration.between(since, now).toSeconds());
      return done <= 0 || total <= done
          ? OptionalLong.empty()
          : OptionalLong.of(seconds * (total - done) / done);
    }
  }

  /**
   * What is migrated. Evidence about anything else does not count.
   *
   * @param from the table in the old store, such as {@code hbase-redis:dim_user}
   * @param to the table in the new store
   * @param layout a hash of the key and the columns
   */
  public record Subject(String from, String to, String layout) {}

  /**
   * What a plan states.
   *
   * @param subject what is migrated
   * @param propagation the time after which every job acts on a change of the mode
   * @param mirrorOptions the options of the store mirror that the jobs set
   * @param limits the limits of the gates
   */
  public record Plan(
      Subject subject, Duration propagation, Map<String, String> mirrorOptions, Limits limits) {

    /** Copies the map. */
    public Plan {
      mirrorOptions = new TreeMap<>(mirrorOptions);
    }
  }

  /** Returns the state of a migration that has only been planned. */
  static MigrationState planned(String table, Plan plan, Instant now) {
    return new MigrationState(
        FORMAT,
        table,
        plan.subject(),
        plan.propagation(),
        plan.mirrorOptions(),
        0,
        0,
        Phase.PLANNED,
        now,
        0,
        0,
        plan.limits(),
        List.of(),
        0,
        null);
  }

  MigrationState withStep(@Nullable Step next) {
    return new MigrationState(
        format,
        table,
        subject,
        propagation,
        mirrorOptions,
        mirroring,
        takeOvers,
        phase,
        since,
        phaseEntry,
        verificationEntry,
        limits,
        findings,
        entries,
        next);
  }

  MigrationState withTakeOvers(long number) {
    return new MigrationState(
        format,
        table,
        subject,
        propagation,
        mirrorOptions,
        mirroring,
        number,
        phase,
        since,
        phaseEntry,
        verificationEntry,
        limits,
        findings,
        entries,
        step);
  }

  /**
   * Returns this state after a step. If the migration goes back to an earlier phase, the evidence
   * that both stores are equal no longer counts: the stores were written differently meanwhile.
   *
   * @param logged number of entries in the log, with that of the step
   */
  MigrationState after(Phase reached, List<Finding> found, long logged, Instant now) {
    List<Finding> all = new ArrayList<>(findings);
    long verified = verificationEntry;
    if (reached.compareTo(phase) < 0) {
      all.removeIf(
          old ->
              old.evidence() instanceof Evidence.Verification
                  || old.evidence() instanceof Evidence.Replay);
      verified = 0;
    }
    for (Finding finding : found) {
      if (finding.evidence() instanceof Evidence.Verification) {
        verified = logged;
      }
      all.removeIf(old -> old.evidence().getClass().equals(finding.evidence().getClass()));
      all.add(finding);
    }
    return new MigrationState(
        format,
        table,
        subject,
        propagation,
        mirrorOptions,
        phase.compareTo(Phase.MIRRORING) < 0 && reached == Phase.MIRRORING ? logged : mirroring,
        takeOvers,
        reached,
        reached == phase ? since : now,
        reached == phase ? phaseEntry : logged,
        verified,
        limits,
        all,
        logged,
        null);
  }
}
