// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import io.dimstore.bench.compare.arm.Topics;
import io.dimstore.bench.compare.oracle.FeatureRows;

/** Reads the results of one arm from Kafka, from the beginning. Not thread-safe. */
final class FeatureReader implements AutoCloseable {

  private final Topics topics;
  private final OutputReader reader;
  private final FeatureRows risk;
  private final FeatureRows marketing;
  private long deadLetters;

  FeatureReader(String bootstrap, Topics topics, int partitions, int expected) {
    this.topics = topics;
    this.risk = new FeatureRows(expected);
    this.marketing = new FeatureRows(expected);
    this.reader = new OutputReader(bootstrap, topics, partitions);
  }

  /**
   * Reads the records that have arrived, after waiting for a short time at most. Returns whether
   * there were any.
   */
  boolean poll() {
    return reader.poll(
        record -> {
          if (record.topic().equals(topics.risk())) {
            risk.add(record.value(), record.timestamp());
          } else if (record.topic().equals(topics.marketing())) {
            marketing.add(record.value(), record.timestamp());
          } else {
            deadLetters++;
          }
        });
  }

  /**
   * Returns the number of processed events. An event is processed when it has both features or is a
   * dead letter.
   */
  long done() {
    return Math.min(risk.size(), marketing.size()) + deadLetters;
  }

  FeatureRows risk() {
    return risk;
  }

  FeatureRows marketing() {
    return marketing;
  }

  long deadLetters() {
    return deadLetters;
  }

  @Override
  public void close() {
    reader.close();
  }
}
