// SPDX-License-Identifier: Apache-2.0
package io.dimstore.forecast;

import io.dimstore.cli.CommandLines;
import io.dimstore.cli.FailureReport;
import io.dimstore.cli.store.StoreFailures;
import io.dimstore.jobs.JobException;
import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Runs {@code bin/dimstore forecast}. */
public final class ForecastMain {

  private ForecastMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Creates the command, for programs that run it in their own process. */
  public static CommandLine commandLine() {
    return CommandLines.of(new ForecastCommand(), StoreFailures.withStack(ForecastMain::report));
  }

  static @Nullable FailureReport report(Throwable failure) {
    if (failure instanceof ForecastException) {
      return FailureReport.usage(String.valueOf(failure.getMessage()));
    }
    if (failure instanceof UnusableInputException || failure instanceof JobException) {
      return FailureReport.failed(String.valueOf(failure.getMessage()));
    }
    if (failure instanceof IOException) {
      return FailureReport.failed("a file cannot be read or written: " + failure);
    }
    return failure instanceof KafkaException ofKafka
        ? report(ofKafka)
        : StoreFailures.report(failure);
  }

  /**
   * Returns a message that names the options to check. If a setting of a client is wrong, Kafka
   * reports it as the cause of a general failure.
   */
  private static FailureReport report(KafkaException failure) {
    Throwable inner = failure;
    while (inner.getCause() instanceof KafkaException cause) {
      inner = cause;
    }
    if (inner instanceof InvalidTopicException) {
      return FailureReport.usage("--changes-topic: " + inner.getMessage());
    }
    return FailureReport.failed(
        (inner instanceof TimeoutException
                ? "Kafka does not answer; check --bootstrap: "
                : "Kafka's client cannot be used; check --bootstrap, --kafka-option and"
                    + " --kafka-config: ")
            + inner.getMessage());
  }
}
