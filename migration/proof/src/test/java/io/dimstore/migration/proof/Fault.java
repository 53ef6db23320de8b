// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

/**
 * A fault of a schedule.
 *
 * @param step the step of the schedule in which it happens
 * @param changes how many changes were acknowledged since the step began when it happens; at the
 *     end of the step at the latest
 * @param millis how long a pause or a slow time lasts
 */
record Fault(int step, int changes, Victim victim, Kind kind, int millis) {

  /** Which process fails. Backfill and verify run in the migrator, and reconcilers in all three. */
  enum Victim {
    DIMSTORE_WRITER,
    PLAIN_WRITER,
    MIGRATOR,
    REDIS,
    HBASE,
    DYNAMODB
  }

  /** What happens to it. */
  enum Kind {
    /** It is killed, and started again. */
    KILL,
    /** It is stopped by a signal, and continued. */
    PAUSE,
    /** Each piece of data to and from it is delayed. */
    SLOW,
    /** Its connections are reset. */
    CUT,
    /** It is stopped for so long that another one takes over, and then continued. */
    REPLACE
  }
}
