// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.JobException;
import io.dimstore.jobs.kafka.Topics;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.StoreException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Checks Kafka and the store before a job starts. The same problems in a running job would be
 * reported only after many retries. Both must be reachable from this process.
 */
public final class Preflight {

  private Preflight() {}

  /**
   * Checks that the brokers answer, every change topic exists, and the store accepts each table. A
   * missing table is accepted, since the job creates it. Creates the dead-letter topic if it does
   * not exist.
   *
   * @throws JobException if a check fails; the message names the problem and the remedy
   */
  public static void check(WriterOptions options) throws InterruptedException {
    checkStore(options);
    Topics.require(
        options.job().kafka(), options.routes().stream().map(WriterOptions.Route::topic).toList());
    Topics.create(options.job().kafka(), options.deadLetterTopic());
  }

  private static void checkStore(WriterOptions options) throws InterruptedException {
    for (WriterOptions.Route route : options.routes()) {
      try {
        StoreTable table = route.in(options.job());
        try (DimensionStore store = table.open()) {
          await(store.ping());
          validate(store, table);
        }
      } catch (StoreException e) {
        throw new WriterException(
            "Store '" + options.job().store() + "': " + FailureText.inOneLine(e), e);
      }
    }
  }

  private static void validate(DimensionStore store, StoreTable table) throws InterruptedException {
    try {
      await(store.validate(table.spec()));
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.NO_TABLE) {
        throw e;
      }
    }
  }

  static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      StoreException failure = StoreException.find(e);
      throw failure == null ? new WriterException(FailureText.inOneLine(e), e) : failure;
    }
  }
}
