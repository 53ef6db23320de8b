// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli.store;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.FailureReport;
import io.dimstore.cli.FailureReporter;
import io.dimstore.spi.DimensionStores;
import io.dimstore.spi.StoreException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reports failures of stores. */
public final class StoreFailures {

  private static final Pattern MISSING = Pattern.compile("Option '([^']+)' is missing");

  private static final String STACK =
      " Give it as an option of the store. To use servers of this machine, start them with eval"
          + " \"$(bin/dimstore stack up --detach --format env)\", or find those that run with eval"
          + " \"$(bin/dimstore stack status --format env)\", and give no option of the store.";

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

  /**
   * Returns a reporter that says how the servers of a local stack are used, if an option with the
   * address of a server is missing. It adds nothing to other reports.
   */
  public static FailureReporter withStack(FailureReporter reporter) {
    return failure -> {
      FailureReport report = reporter.report(failure);
      return report == null
              || report.exitCode() != ExitCodes.USAGE
              || !lacksServer(report.message())
          ? report
          : FailureReport.usage(report.message() + STACK);
    };
  }

  private static boolean lacksServer(String message) {
    Matcher missing = MISSING.matcher(message);
    ClassLoader classLoader = StoreOptions.classLoader();
    return missing.find()
        && DimensionStores.factories(classLoader).keySet().stream()
            .anyMatch(store -> StackConnection.isOfServer(store, missing.group(1), classLoader));
  }

  /** Returns the kind of the failure and its message. */
  public static String line(StoreException failure) {
    return failure.kind() + ": " + failure.getMessage();
  }
}
