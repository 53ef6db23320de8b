// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.interleavings.Linearizability;
import io.dimstore.interleavings.PlantedRace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One thread alone does not see the races, so the class is its own specification. */
@Tag("without-log4j")
class ClusterMastersLinearizabilityTest {

  @Test
  void concurrentRequestsSearchesAndCloseAreOrdered() {
    Linearizability.check(ClusterMastersOperations.class, ClusterMastersOperations.class);
  }

  @ParameterizedTest
  @CsvSource({
    "EndingWithoutLock, 'Map<HostAndPort, L> endSearch'",
    "ClosingWithoutLock, List<L> close",
  })
  void missingLockIsFound(String name, String method) {
    PlantedRace race =
        new PlantedRace(name, ClusterMasters.class, "synchronized " + method, method);
    assertThat(
            Linearizability.violation(
                race.in(ClusterMastersOperations.class), ClusterMastersOperations.class))
        .isPresent();
  }
}
