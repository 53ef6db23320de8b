// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import java.time.Duration;
import picocli.CommandLine.Option;

/** A mixin: the time after which rows that differ are read again. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SettleOption {

  @Option(
      names = "--settle",
      paramLabel = "DURATION",
      defaultValue = "5s",
      description =
          "Time within which a change reaches the other store. A key that differs is read again"
              + " after it.")
  private Duration settle;

  Duration time() {
    return settle;
  }
}
