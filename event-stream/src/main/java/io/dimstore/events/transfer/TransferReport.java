// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.transfer;

import io.dimstore.events.input.InputReport;
import java.time.Duration;
import java.util.Optional;

/**
 * The result of a transfer.
 *
 * @param input counts of the records read
 * @param elapsed time from the first record to the last acknowledgement
 * @param lag how far events were behind the schedule; empty without a schedule
 */
public record TransferReport(InputReport input, Duration elapsed, Optional<Lag> lag) {

  /**
   * The delay between the time an event was due and the time the output had accepted it. Each event
   * contributes one value, which includes the time that the output blocked. If the lag is not small
   * compared with the latency to be measured, the measurement says nothing about the system behind
   * the output.
   */
  public record Lag(Duration p50, Duration p99, Duration max) {}
}
