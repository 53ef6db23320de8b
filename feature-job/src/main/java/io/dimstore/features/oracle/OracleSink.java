// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.oracle;

/** Receives the expected output, event by event in the order of arrival. */
public interface OracleSink {

  /** Called with the rows that {@code event} must produce. */
  void features(OracleEvent event, OracleRow risk, OracleRow marketing);

  /**
   * Called for an {@code event} that must go to the dead letters as {@code too-late} and produce no
   * rows.
   */
  void tooLate(OracleEvent event);
}
