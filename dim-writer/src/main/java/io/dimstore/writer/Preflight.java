// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.jobs.JobException;
import io.dimstore.jobs.kafka.KafkaConnection;
import io.dimstore.jobs.kafka.TopicPreflight;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StorePreflight;
import java.util.List;

/**
 * Checks Kafka and the store before a job starts. The same problems in a running job would be
 * reported only after many retries. Both must be reachable from this process, and both are asked as
 * soon as it is known where they are. Not thread-safe.
 */
public final class Preflight implements AutoCloseable {

  private final TopicPreflight topics;
  private final StorePing store;

  private Preflight(TopicPreflight topics, StorePing store) {
    this.topics = topics;
    this.store = store;
  }

  /** Asks the brokers for their topics, beside the store. Does not wait, and never fails. */
  public static Preflight begin(KafkaConnection kafka, StorePing store) {
    return new Preflight(TopicPreflight.of(kafka), store);
  }

  /**
   * Checks that the brokers answer, every change topic exists, and the store accepts each table. A
   * missing table is accepted, since the job creates it. Creates the dead-letter topic if it does
   * not exist.
   *
   * @throws JobException if a check fails; the message names the problem and the remedy
   */
  public void check(WriterOptions options) throws InterruptedException {
    StorePreflight.requireForJob(store, List.of(), options.tables());
    topics.require(options.routes().stream().map(WriterOptions.Route::topic).toList());
    topics.create(List.of(options.deadLetterTopic()));
  }

  /** Ends the connections to the brokers, without waiting for an answer. */
  @Override
  public void close() {
    topics.close();
  }
}
