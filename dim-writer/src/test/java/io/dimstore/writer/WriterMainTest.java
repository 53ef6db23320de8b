package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriterMainTest {

  @ParameterizedTest
  @ValueSource(strings = {"run", "repair"})
  void everyCommandExplainsItselfWithExamples(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Example", "bin/dimstore write " + command, "--store-option");
  }

  @Test
  void theExitCodesAreListed() {
    assertThat(CommandRun.of("--help").out())
        .contains("run", "repair", "Exit codes:", "0", "1", "2");
  }

  @Test
  void printSqlShowsTheStatementsAndHidesSecrets() {
    CommandRun run =
        CommandRun.of(
            "run",
            "--bootstrap=localhost:9092",
            "--store=memory",
            "--dimension=user",
            "--topic=user=crm",
            "--table-option=user:sink.batch-size=7",
            "--kafka=sasl.jaas.config=hush",
            "--print-sql");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("'topic' = 'crm'", "'sink.batch-size' = '7'", "INSERT INTO dim_user")
        .doesNotContain("hush", "dim_item");
  }

  @Test
  void wrongUsageIsNamedAndEndsWithTwo() {
    assertUsage("say what to do");
    assertUsage("--bounded", "run", "--bootstrap=h:1", "--store=memory", "--boundet");
    assertUsage("--bootstrap", "run", "--store=memory");
    assertUsage(
        "there is no dimension 'users'; there are: user, item",
        "run",
        "--bootstrap=h:1",
        "--store=memory",
        "--dimension=users");
    assertUsage(
        "--topic item: this dimension is not among user",
        "run",
        "--bootstrap=h:1",
        "--store=memory",
        "--dimension=user",
        "--topic=item=x");
    assertUsage(
        "--table-option size: say of which dimension",
        "run",
        "--bootstrap=h:1",
        "--store=memory",
        "--table-option=size=3");
    assertUsage("--batch must be at least 1", "repair", "--store=memory", "--batch=0");
  }

  @Test
  void anUnknownStoreOrOptionIsWrongUsage() {
    assertUsage("memory", "repair", "--store=memroy");
    assertUsage("instance", "repair", "--store=memory", "--store-option=instanze=x");
    assertUsage(
        "instance", "run", "--bootstrap=h:1", "--store=memory", "--store-option=instanze=x");
  }

  @Test
  void aStoreWithOneCopyHasNothingToRepair() {
    assertUsage(
        "--store memory: it keeps one copy of each row, so there is nothing to repair",
        "repair",
        "--store=memory",
        "--store-option=instance=" + UUID.randomUUID(),
        "--dimension=user");
  }

  @Test
  void repairGoesOnUntilNothingRemains() {
    CommandRun run =
        CommandRun.of(
            "repair",
            "--store=two-copies",
            "--store-option=unsettled=25",
            "--dimension=user,item",
            "--batch=10");
    assertThat(run.err()).contains("dim_user: 10 looked at", "dim_user: 20 looked at");
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            dim_user: 25 unsettled keys looked at, 5 brought in step
            dim_item: 25 unsettled keys looked at, 5 brought in step
            """);
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aStoreThatFailsEndsWithOneAndOneLine() {
    CommandRun run = CommandRun.of("repair", "--store=two-copies", "--store-option=unsettled=-1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip()).isEqualTo("error: UNAVAILABLE: The second copy is away");
  }

  private static void assertUsage(String part, String... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).contains(part).doesNotContain("\tat ");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
