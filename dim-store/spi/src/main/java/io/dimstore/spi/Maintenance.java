package io.dimstore.spi;

import java.util.concurrent.CompletionStage;

/** Implemented by a table that keeps more than one copy of its rows and can bring them in step. */
public interface Maintenance {

  /**
   * Settles writes that reached one copy but are not known to have reached the other.
   *
   * @param maxKeys how many keys to look at in this call, at least 1
   * @return what was found; call again while {@link Repair#remaining} says so. Safe to run from
   *     several processes at once and beside writers.
   */
  CompletionStage<Repair> repair(int maxKeys);

  /**
   * The outcome of one repair call.
   *
   * @param examined keys that were marked as unsettled
   * @param healed keys whose copy differed and was brought in step
   * @param remaining whether more marked keys were left for the next call
   */
  record Repair(int examined, int healed, boolean remaining) {}
}
