// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SectionMeterTest {

  private long nanos = 5;
  private long cpu = 7;

  @Test
  void sectionIsMeasuredBetweenItsStartAndItsEnd() {
    SectionMeter meter = new SectionMeter(() -> nanos, Map.of("job", () -> cpu));
    nanos += 1_000;
    SectionMeter.Section section = meter.start();
    nanos += 20;
    cpu += 3;

    assertThat(section.end()).isEqualTo(new SectionUsage(20, Map.of("job", 3L)));
  }

  @Test
  void timeToReadTheCountersIsNotMeasured() {
    SectionMeter meter = new SectionMeter(() -> nanos, Map.of("slow", () -> nanos += 50));

    assertThat(meter.start().end().nanos()).isZero();
  }

  @Test
  void usagesAreAddedCounterByCounter() {
    SectionUsage sum =
        new SectionUsage(1, Map.of("a", 2L)).plus(new SectionUsage(10, Map.of("a", 20L, "b", 30L)));

    assertThat(sum).isEqualTo(new SectionUsage(11, Map.of("a", 22L, "b", 30L)));
    assertThat(SectionUsage.NONE.plus(sum)).isEqualTo(sum);
    assertThat(sum.of("c")).isZero();
  }

  @Test
  void cpuTimeOfAProcessIsReadFromTheSystem() {
    long before = ProcessCpu.nanos(ProcessHandle.current());

    assertThat(before).isPositive();
    assertThat(
            SectionMeter.ofCpu(Map.of("client", ProcessHandle.current()))
                .start()
                .end()
                .of("client"))
        .isNotNegative();
  }

  @Test
  void cpuTimeOfAServerIncludesTheProcessesThatItHasStarted() throws Exception {
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", "while :; do :; done & wait")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      SectionMeter meter = SectionMeter.ofCpu(Map.of(), Map.of("server", shell.toHandle()));
      SectionMeter.Section section = meter.start();
      long deadline = System.nanoTime() + 30_000_000_000L;
      while (section.end().of("server") < 50_000_000 && System.nanoTime() < deadline) {
        Thread.sleep(10);
      }
      assertThat(section.end().of("server")).isGreaterThanOrEqualTo(50_000_000);
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }
}
