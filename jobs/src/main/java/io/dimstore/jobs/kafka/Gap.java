// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import io.dimstore.jobs.kafka.TopicOffsets.Range;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * An offset that its partition does not hold.
 *
 * @param offset where a reader would continue
 */
record Gap(TopicPartition partition, long offset, Range range) {

  /**
   * Returns the gap at an offset, or empty if the partition holds the offset. Flink uses negative
   * offsets as markers, such as "earliest". They are no gaps.
   */
  static Optional<Gap> of(TopicPartition partition, long offset, Range range) {
    return offset >= 0 && (offset < range.first() || offset > range.end())
        ? Optional.of(new Gap(partition, offset, range))
        : Optional.empty();
  }

  /** Returns the number of lost offsets; 0 if the partition ends before the offset. */
  long records() {
    return Math.max(0, range.first() - offset);
  }

  @Override
  public String toString() {
    String where =
        "Topic '"
            + partition.topic()
            + "', partition "
            + partition.partition()
            + ": the job would continue at offset "
            + offset;
    return offset < range.first()
        ? where
            + ", but the first remaining record is at offset "
            + range.first()
            + ", so up to "
            + records()
            + " records were deleted before they were read"
        : where
            + ", but the partition ends at offset "
            + range.end()
            + ", so the topic was deleted and created again, or its brokers lost records";
  }
}
