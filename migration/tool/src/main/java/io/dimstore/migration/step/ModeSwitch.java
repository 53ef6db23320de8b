// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.step;

import io.dimstore.jobs.StoreCalls;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.phase.Ownership;
import io.dimstore.mirror.control.KnownMode;
import io.dimstore.mirror.control.MirrorMode;
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
    while (!known.mode().equals(target)) {
      MirrorMode next = ModePath.next(known.mode(), target);
      if (ModePath.changesPrimary(known.mode(), next)) {
        table.settle();
      }
      ownership.require();
      if (!StoreCalls.await(modes.change(known, next))) {
        throw new MigrationException(
            "The mode of the table was changed by another process meanwhile. See migrate status,"
                + " and run the step again");
      }
      table.pause(table.propagation(), "until every process acts on " + text(next));
      known = StoreCalls.await(modes.read());
      if (!known.mode().equals(next)) {
        throw new MigrationException(
            "The mode of the table was changed by another process meanwhile. See migrate status,"
                + " and run the step again");
      }
    }
    return target;
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
