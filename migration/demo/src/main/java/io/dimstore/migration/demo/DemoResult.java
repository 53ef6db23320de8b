// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What the demo writes as JSON.
 *
 * @param phases the parts of the demo, in order
 * @param refusedCutOver whether the cut-over with a wrong row in the new store was refused
 * @param allGatesHeld whether both cut-overs were accepted by all gates, without a reason to pass
 *     any
 * @param rolledBack whether the roll-back ended with the old store as the primary, and equal
 * @param rollBackSeconds how long the command of the roll-back took
 * @param foreignWrites changes by the plain HBase client
 * @param liveWrites writes of the job that were acknowledged
 * @param lookups keys that the job looked up
 * @param staleLookups lookups that returned an older row than the job had written before
 * @param failedCalls calls of the job that failed; it repeated the writes among them
 * @param repeatedVerifications verifications that were repeated, because the replication was behind
 * @param differencesAtEnd rows that the last verification found different, and rows that are not as
 *     the last acknowledged write left them
 * @param seconds the time of the whole demo, servers included
 * @param input what the rows were read from
 */
record DemoResult(
    List<DemoPhase> phases,
    boolean refusedCutOver,
    boolean allGatesHeld,
    boolean rolledBack,
    double rollBackSeconds,
    long foreignWrites,
    long liveWrites,
    long lookups,
    long staleLookups,
    long failedCalls,
    int repeatedVerifications,
    long differencesAtEnd,
    double seconds,
    String input) {

  /**
   * A part of the demo.
   *
   * @param name such as {@code backfill}
   * @param seconds how long it took
   */
  record DemoPhase(String name, double seconds) {}

  /** Returns whether everything went as it has to. */
  @JsonProperty
  boolean holds() {
    return refusedCutOver
        && allGatesHeld
        && rolledBack
        && differencesAtEnd == 0
        && staleLookups == 0;
  }
}
