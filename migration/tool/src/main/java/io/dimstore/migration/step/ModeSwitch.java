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
 */
final class ModeSwitch {

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
    return StoreCalls.await(modes.read()).mode();
  }

  /**
   * Changes the mode.
   *
   * @param to computes the target from the current mode
   * @param ownership asked before each change
   * @return the target
   */
  MirrorMode change(UnaryOperator<MirrorMode> to, Ownership ownership) throws InterruptedException {
    KnownMode known = StoreCalls.await(modes.read());
    MirrorMode target = to.apply(known.mode());
    // An interrupted process may have made the last change just now.
    StoreCalls.await(modes.publish(known));
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
    ownership.require();
    boolean changed = StoreCalls.await(modes.change(known, next));
    table.pause(table.propagation(), "until every process acts on " + text(next));
    KnownMode now = StoreCalls.await(modes.read());
    if (!changed || !now.mode().equals(next)) {
      throw new MigrationException(
          "The mode of the table was changed by another process meanwhile. See migrate status,"
              + " and run the step again");
    }
    return now;
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
