// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Plants each defect, and runs schedules until one of them fails. Takes minutes for each defect, so
 * it is not part of the build.
 *
 * <pre>{@code
 * mvn -pl migration/proof verify -Dit.test=Defects -Ddefect=all
 * }</pre>
 *
 * <p>With {@code -Dcontrol=true} the defect is left out, and no schedule may take it for found.
 */
class Defects {

  @Test
  void everyPlantedDefectIsFoundWithinFiftySchedules() throws Exception {
    List<Defect> wrong = new ArrayList<>();
    for (Defect defect : Runner.defects()) {
      if (Runner.find(defect).isEmpty() != Runner.CONTROL) {
        wrong.add(defect);
      }
    }
    assertThat(wrong).isEmpty();
  }
}
