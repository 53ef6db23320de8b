// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.interleavings.Checked;
import io.dimstore.interleavings.InterleavingsContract;
import io.dimstore.interleavings.PlantedRace;
import java.util.stream.Stream;

class AdmissionInterleavingsTest extends InterleavingsContract {

  @Override
  protected Stream<Checked> scenarios() {
    return Stream.of(
        Checked.by(
            new AdmissionScenario(),
            new PlantedRace(
                "CountingWithoutComparing",
                Admission.class,
                "pending\\.compareAndSet\\(before, before \\+ keys\\)",
                "pending.getAndSet(before + keys) > -9")),
        Checked.by(
            new AdmissionCloseScenario(),
            new PlantedRace(
                "WithoutLookingAgain",
                Admission.class,
                "if \\(closed\\) \\{\\s+admitted\\.fail",
                "if (false) { admitted.fail")),
        Checked.by(
            new AdmissionEndScenario(),
            new PlantedRace(
                "EndingWithoutComparing",
                Admission.class,
                "ended\\.compareAndSet\\(false, true\\)",
                "!ended.get() | (ended.getAndSet(true) & false)")),
        Checked.by(
            new AdmissionTimerScenario(),
            new PlantedRace(
                "TimerWithoutLookingAgain",
                Admission.class,
                "armed\\.set\\(false\\);[^;]*next = firstAfterLateCalls\\(\\);",
                "armed.set(false);")));
  }
}
