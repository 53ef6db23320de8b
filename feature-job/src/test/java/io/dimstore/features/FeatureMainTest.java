package io.dimstore.features;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
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
                    + " --job risk --events my-events --print-sql"))
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
    assertThat(err.toString()).contains("write 5ms, 10s");
    assertThat(run("run --bootstrap b:1 --store memory --start latest")).isEqualTo(2);
    assertThat(err.toString()).contains("--start must be earliest or group");
    assertThat(run("run --bootstrap b:1 --store memory --sql-variant x --print-sql")).isEqualTo(2);
    assertThat(err.toString()).contains("no SQL variant 'x'");
    assertThat(run("")).isEqualTo(2);
    assertThat(err.toString()).contains("say what to do");
  }

  @Test
  void helpShowsExamples() {
    assertThat(run("run --help")).isZero();
    assertThat(out.toString()).contains("Examples:", "--store-option=KEY=VALUE", "risk");
  }

  @Test
  void anUnknownStoreIsOneLineAndExitCodeOne() {
    assertThat(run("run --bootstrap b:1 --store nope --job risk")).isEqualTo(1);
    assertThat(err.toString()).contains("error:", "nope").doesNotContain("\tat ");
  }

  private int run(String arguments) {
    CommandLine commandLine =
        FeatureMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return commandLine.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));
  }
}
