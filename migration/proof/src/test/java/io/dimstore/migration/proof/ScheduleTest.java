// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schedules, and the defects that are planted to test them. */
class ScheduleTest {

  @Test
  void seedDeterminesTheSchedule() {
    assertThat(Schedule.of(7, 3)).isEqualTo(Schedule.of(7, 3));
    assertThat(Schedule.of(7, 3)).isNotEqualTo(Schedule.of(8, 3));
  }

  @Test
  void everyProcessFailsInEveryWayAndInEveryStep() {
    Set<String> faults = new HashSet<>();
    Set<String> steps = new HashSet<>();
    EnumSet<Fault.Victim> inCutOver = EnumSet.noneOf(Fault.Victim.class);
    for (int seed = 1; seed <= 300; seed++) {
      Schedule schedule = Schedule.of(seed, 3);
      for (Fault fault : schedule.faults()) {
        faults.add(fault.kind() + " " + fault.victim());
        String step = schedule.steps().get(fault.step()).split(" ", 2)[0];
        steps.add(step);
        if (step.equals("cutover")) {
          inCutOver.add(fault.victim());
        }
      }
    }
    for (Fault.Victim victim : Fault.Victim.values()) {
      assertThat(faults).contains("KILL " + victim, "PAUSE " + victim);
    }
    assertThat(faults)
        .contains("REPLACE MIGRATOR", "SLOW REDIS", "SLOW HBASE", "SLOW DYNAMODB", "CUT HBASE");
    assertThat(steps)
        .contains(
            "plan",
            "preflight",
            "start",
            "backfill",
            "verify",
            "shadow",
            "ramp",
            "cutover",
            "reverse",
            "rollback",
            "finish",
            "@check");
    assertThat(inCutOver).isEqualTo(EnumSet.allOf(Fault.Victim.class));
  }

  @Test
  void everyDefectCanBePlanted(@TempDir java.nio.file.Path folder) throws Exception {
    for (Defect defect : Defect.values()) {
      boolean compiled = !defect.plant(folder).isEmpty();
      assertThat(compiled || !defect.settings("").isEmpty()).as(defect.toString()).isTrue();
    }
  }
}
