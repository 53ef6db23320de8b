package io.dimstore.events;

import java.time.Duration;
import java.util.Optional;

/**
 * What a transfer did.
 *
 * @param input what was read
 * @param elapsed from the first record to the last acknowledgement
 * @param lag how far it was behind its schedule; empty without one
 */
public record TransferReport(InputReport input, Duration elapsed, Optional<Lag> lag) {

  /**
   * How late events were handed to the output, against when they were due: one value per event, the
   * time that the output blocked included. A transfer whose lag is not small against what is to be
   * measured says nothing about the system behind it.
   */
  public record Lag(Duration p50, Duration p99, Duration max) {}
}
