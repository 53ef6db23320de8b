// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.store;

import io.dimstore.cli.FailureReport;
import io.dimstore.spi.StoreException;
import org.jspecify.annotations.Nullable;

/** Reports failures of stores. */
public final class StoreFailures {

  private StoreFailures() {}

  /**
   * Returns the report of a store's failure, or null for any other failure. An unknown store or
   * option is reported as wrong usage, wherever it is detected.
   */
  public static @Nullable FailureReport report(Throwable failure) {
    StoreException e = StoreException.find(failure);
    if (e == null) {
      return null;
    }
    return e.kind() == StoreException.Kind.INVALID
        ? FailureReport.usage(line(e))
        : FailureReport.failed(line(e));
  }

  /** Returns the kind of the failure and its message. */
  public static String line(StoreException failure) {
    return failure.kind() + ": " + failure.getMessage();
  }
}
