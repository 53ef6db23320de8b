// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.bench.compare.process.ArmReport;
import io.dimstore.bench.compare.process.DimensionLoad;
import io.dimstore.cli.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArmRunTest {

  private final StringWriter err = new StringWriter();
  private long now;
  private final Progress progress = new Progress(new PrintWriter(err), () -> now);

  private void afterSeconds(int seconds, double loaded) {
    now += seconds * 1_000_000_000L;
    ArmReport report =
        new ArmReport(ArmReport.State.LOADING, null, Map.of(DimensionLoad.CHANGES, loaded));
    ArmRun.showLoading(progress, "hbase-redis", report, 24_000);
  }

  @Test
  void countAndTimeLeftAreShownWhileDimensionsLoad() {
    progress.step("hbase-redis: starting");
    afterSeconds(1, 0);
    afterSeconds(3, 4_000);
    afterSeconds(1, 5_000);
    afterSeconds(1, 8_000);
    afterSeconds(10, 24_000);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            """
            [   0.0 s] hbase-redis: starting
            [   4.0 s] hbase-redis: loading dimension changes: 4,000 of 24,000 (1,000/s, 20 s left)
            [   6.0 s] hbase-redis: loading dimension changes: 8,000 of 24,000 (2,000/s, 8 s left)
            [  16.0 s] hbase-redis: loading dimension changes: 24,000 of 24,000 (1,600/s)
            """);
  }
}
