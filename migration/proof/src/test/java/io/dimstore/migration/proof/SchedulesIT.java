// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Whole migrations from HBase and Redis to DynamoDB, forward and back, on real servers, while
 * dimstore and a plain client of HBase write, and every process is killed, paused or slowed.
 *
 * <pre>{@code
 * mvn -pl migration/proof verify -Dit.test=SchedulesIT -Dschedules=300 -Dseed=1
 * }</pre>
 */
class SchedulesIT {

  @Test
  void nothingIsLostResurrectedOrStale() throws Exception {
    List<String> failures = Runner.run();
    assertThat(failures).as(String.join("\n", failures)).isEmpty();
  }
}
