// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.Ownership;
import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
import io.dimstore.mirror.control.MirrorMode.Other;
import io.dimstore.mirror.control.ModeRecords;
import java.util.function.UnaryOperator;

/**
 * Changes the mode of a mirrored table, one safe change after the other, and waits until every
 * process acts on the last one. A repetition continues where an interrupted one has stopped.
 *
 * <p>A process that was paused, and wakes up after another one took its step over, changes nothing
 * more. For that every change is a compare-and-set from a record that was read before the ownership
 * was confirmed, and every step begins by replacing the record, even if the step changes nothing
 * else. So what the paused process was about to replace is no longer there.
 */
final class ModeSwitch {

  private static final int MOST_ATTEMPTS = 5;

  private final MirroredTable table;
  private final ModeRecords modes;

  ModeSwitch(MirroredTable table) {
    this.table = table;
    this.modes = table.modes();
  }

  /** Returns the current mode as it is stored, for the origin of a step. */
  String origin() throws InterruptedException {
    return current().format();
  }

  /** Returns the current mode. */
  MirrorMode current() throws InterruptedException {
    return StoreCalls.await(modes.current()).mode();
  }

  /** Returns how often the old store has taken over alone. */
  long takeOvers() throws InterruptedException {
    return StoreCalls.await(modes.current()).takeOvers();
  }

  /**
   * Changes the mode.
   *
   * @param to computes the target from the current mode
   * @param ownership asked before each change
   * @return the target
   */
  MirrorMode change(UnaryOperator<MirrorMode> to, Ownership ownership) throws InterruptedException {
    KnownMode known = fenced(ownership);
    MirrorMode target = to.apply(known.mode());
    // An interrupted process may have made the last change just now.
    table.pause(table.propagation(), "until every process acts on " + text(known.mode()));
    if (known.mode().primary() != target.primary() && known.mode().isMirrored()) {
      // While one side may still lack writes, the change of the primary is not begun.
      table.reconcile();
    }
    while (!known.mode().equals(target)) {
      MirrorMode next = ModePath.next(known.mode(), target);
      if (ModePath.changesPrimary(known.mode(), next)) {
        reconcileOrGoBack(known, ownership);
      }
      known = replace(known, next, ownership);
    }
    return target;
  }

  /**
   * Replaces the record by one with the same mode, so that an earlier process's change fails. If
   * the old store has taken over alone, the record of the new store learns that by this too.
   */
  private KnownMode fenced(Ownership ownership) throws InterruptedException {
    for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
      KnownMode known = StoreCalls.await(modes.current());
      ownership.confirm();
      if (StoreCalls.await(modes.change(known, known.mode()))) {
        return StoreCalls.await(modes.current());
      }
      // The last change of an earlier process was faster than this one.
    }
    throw changedByAnother();
  }

  /** Writes fail while both sides are required and one is down: this does not last. */
  private void reconcileOrGoBack(KnownMode known, Ownership ownership) throws InterruptedException {
    try {
      table.reconcile();
    } catch (RuntimeException e) {
      try {
        var unused = replace(known, known.mode().withOther(Other.WRITTEN), ownership);
      } catch (RuntimeException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  private KnownMode replace(KnownMode known, MirrorMode next, Ownership ownership)
      throws InterruptedException {
    ownership.confirm();
    boolean changed = StoreCalls.await(modes.change(known, next));
    table.pause(table.propagation(), "until every process acts on " + text(next));
    KnownMode now = StoreCalls.await(modes.current());
    if (!changed || !now.mode().equals(next)) {
      throw changedByAnother();
    }
    return now;
  }

  private static MigrationException changedByAnother() {
    return new MigrationException(
        "The mode of the table was changed by another process meanwhile. See migrate status,"
            + " and run the step again");
  }

  private static String text(MirrorMode mode) {
    return "primary "
        + mode.primary()
        + ", other side "
        + mode.other()
        + ", reads from TO "
        + mode.readsTo() / 100.0
        + " %";
  }
}
