package io.dimstore.features.oracle;

/** Receives what the oracle expects, event by event in the order of arrival. */
public interface OracleSink {

  /** The rows that {@code event} must yield. */
  void features(OracleEvent event, OracleRow risk, OracleRow marketing);

  /** {@code event} must go to the dead letters as {@code too-late} and yield no rows. */
  void tooLate(OracleEvent event);
}
