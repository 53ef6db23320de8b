// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.kafka;

import io.dimstore.jobs.JobException;
import java.util.List;
import java.util.stream.Collectors;

/** Reports that a topic no longer holds records that a job has not read yet. */
final class LostRecordsException extends JobException {

  private static final long serialVersionUID = 1L;

  LostRecordsException(List<Gap> gaps) {
    super(
        gaps.stream().map(Gap::toString).collect(Collectors.joining(". "))
            + ". Remedy: load the missing records in another way, then start the job with '"
            + LosslessKafkaFactory.LOST_RECORDS.key()
            + "' = '"
            + LostRecords.SKIP
            + "' (--lost-records "
            + LostRecords.SKIP
            + "), which continues at the first remaining record.",
        null);
  }
}
