// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.JobException;
import io.dimstore.jobs.kafka.TopicPreflight;
import io.dimstore.jobs.sql.StorePreflight;
import java.util.List;

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
    try (TopicPreflight topics = TopicPreflight.of(options.job().kafka())) {
      StorePreflight.requireForJob(List.of(), options.tables());
      topics.require(options.routes().stream().map(WriterOptions.Route::topic).toList());
      topics.create(List.of(options.deadLetterTopic()));
    }
  }
}
