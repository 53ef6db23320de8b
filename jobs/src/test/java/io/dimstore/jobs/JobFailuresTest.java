// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException;
import java.util.concurrent.ExecutionException;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;

class JobFailuresTest {

  private static final StoreException INVALID = StoreException.invalid("no option x");

  @Test
  void aDefectIsNotKnown() {
    assertThat(JobFailures.isKnown(new NullPointerException())).isFalse();
    assertThat(JobFailures.isKnown(new ValidationException("no table"))).isTrue();
    assertThat(JobFailures.isKnown(new JobException("no topic", null))).isTrue();
    assertThat(JobFailures.isKnown(new ExecutionException(INVALID))).isTrue();
  }

  @Test
  void whatAStoreRefusesBeforeTheJobIsSubmittedIsWrongUsage() {
    ValidationException wrapped =
        new ValidationException("Unable to create", new IllegalStateException(INVALID));
    assertThat(JobFailures.isWrongUsage(INVALID)).isTrue();
    assertThat(JobFailures.isWrongUsage(wrapped)).isTrue();
    assertThat(JobFailures.isWrongUsage(new JobException("Store 'x'", wrapped))).isTrue();
    assertThat(JobFailures.isWrongUsage(new JobException("no topic", null))).isFalse();
    StoreException away = new StoreException(StoreException.Kind.UNAVAILABLE, "away");
    assertThat(JobFailures.isWrongUsage(away)).isFalse();
  }

  @Test
  void whatAStoreRefusesInARunningJobIsAFailureOfTheJob() {
    Throwable failed = JobException.ofSubmitted("The job failed", new ExecutionException(INVALID));
    assertThat(JobFailures.isKnown(failed)).isTrue();
    assertThat(JobFailures.isWrongUsage(failed)).isFalse();
  }
}
