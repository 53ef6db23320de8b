// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.cli.FailureReport;
import io.dimstore.jobs.JobException;
import io.dimstore.spi.StoreException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FeatureMainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theSqlIsPrintedWithoutAnyServer() {
    assertThat(
            run(
                "run --bootstrap b:1 --store hbase-redis --store-option redis.password=hush"
                    + " --job risk --events-topic my-events --print-sql"))
        .isZero();
    assertThat(out.toString())
        .contains("'topic' = 'my-events'", "'store' = 'hbase-redis'", "INSERT INTO risk_features")
        .doesNotContain("hush", "marketing");
  }

  @Test
  void wrongUsageIsExitCodeTwoAndNamesTheRemedy() {
    assertThat(run("run --store memory")).isEqualTo(2);
    assertThat(err.toString()).contains("--bootstrap");
    assertThat(run("run --bootstrap b:1 --store memory --lateness 5")).isEqualTo(2);
    assertThat(err.toString()).contains("--lateness '5': must be a duration such as 500ms");
    assertThat(run("run --bootstrap b:1 --store memory --start latest")).isEqualTo(2);
    assertThat(err.toString()).contains("--start 'latest': must be one of earliest, group-offsets");
    assertThat(run("run --bootstrap b:1 --store memory --sql-variant x --print-sql")).isEqualTo(2);
    assertThat(err.toString()).contains("no SQL variant 'x'");
    assertThat(run("run --bootstrap b:1 --store memory --parallelism -1")).isEqualTo(2);
    assertThat(err.toString()).contains("--parallelism '-1': must be at least 0");
    assertThat(run("run --bootstrap b:1 --store memory --lookup-capacity 0")).isEqualTo(2);
    assertThat(err.toString()).contains("--lookup-capacity '0': must be at least 1");
    assertThat(run("run --bootstrap b:1 --store memory --max-ahead 2d")).isEqualTo(2);
    assertThat(err.toString()).contains("--max-ahead '2d': must be at most --lateness (1d)");
    assertThat(run("run --bootstrap b:1 --store memory --state-ttl 90m")).isEqualTo(2);
    assertThat(err.toString()).contains("--state-ttl '90m': must be longer than 31d");
    assertThat(run("run --bootstrap b:1 --store memory --exactly-once --checkpoint-interval 0s"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--exactly-once needs --checkpoint-interval above 0s");
    assertThat(run("")).isEqualTo(2);
    assertThat(err.toString()).contains("a command is missing: one of run");
  }

  @Test
  void helpShowsExamples() {
    assertThat(run("run --help")).isZero();
    assertThat(out.toString()).contains("Examples:", "--store-option=NAME=VALUE", "risk");
  }

  @Test
  void anUnknownStoreIsOneLineAndWrongUsage() {
    assertThat(run("run --bootstrap b:1 --store nope --job risk")).isEqualTo(2);
    assertThat(err.toString()).contains("error:", "nope").doesNotContain("\tat ");
  }

  @Test
  void onlyFailuresForTheUserAreReportedInOneLine() {
    StoreException invalid = StoreException.invalid("no option x");
    assertThat(FeatureMain.report(new NullPointerException())).isNull();
    assertThat(FeatureMain.report(new ValidationException("no table", invalid)))
        .isEqualTo(FailureReport.usage("INVALID: no option x"));
    assertThat(FeatureMain.report(JobException.ofSubmitted("The job failed: x", invalid)))
        .isEqualTo(FailureReport.failed("The job failed: x"));
  }

  private int run(String arguments) {
    CommandLine commandLine =
        FeatureMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));
  }
}
