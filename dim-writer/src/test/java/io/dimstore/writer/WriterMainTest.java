package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriterMainTest {

  @ParameterizedTest
  @ValueSource(strings = {"run", "repair", "check"})
  void everyCommandExplainsItselfWithExamples(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Example", "bin/dimstore write " + command, "--store-option");
  }

  @Test
  void theExitCodesAreListed() {
    assertThat(CommandRun.of("--help").out())
        .contains("run", "repair", "check", "Exit codes:", "0", "1", "2");
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
    assertUsage("--store is missing", "run", "--bootstrap=h:1");
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
    assertUsage("--rate must be at least 0", "check", "--store=memory", "--rate=-1");
    assertUsage("--splits must be at least 1", "check", "--store=memory", "--splits=0");
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
            dim_user: before, 25 keys are owed to a copy, the oldest for 1 min 15 s
            dim_user: 25 unsettled keys looked at, 5 brought in step
            dim_user: after, no write is owed to a copy
            dim_user: second.state 0
            dim_item: before, 25 keys are owed to a copy, the oldest for 1 min 15 s
            dim_item: 25 unsettled keys looked at, 5 brought in step
            dim_item: after, no write is owed to a copy
            dim_item: second.state 0
            """);
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void repairForgetsWhatIsOverWhereAskedTo() {
    CommandRun run =
        CommandRun.of(
            "repair",
            "--store=two-copies",
            "--store-option=unsettled=0",
            "--dimension=user",
            "--purge");
    assertThat(run.err()).contains("dim_user: 9 rows read", "dim_user: 19 rows read");
    assertThat(run.out())
        .contains(
            "dim_user: 20 rows read, 2 deletes and expired rows forgotten, 4 remembered still");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aStoreWithOneCopyHasNothingToCompare() {
    assertUsage(
        "--store memory: it keeps one copy of each row, so there is nothing to compare",
        "check",
        "--store=memory",
        "--store-option=instance=" + UUID.randomUUID(),
        "--dimension=user");
  }

  @Test
  void aCheckSaysWhatDiffersAndEndsWithOne(@TempDir Path folder) throws Exception {
    Path json = folder.resolve("check.json");
    CommandRun run = check("--json=" + json);
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            dim_user: 12 examined = 6 in step + 2 not copied + 2 different + 2 changed meanwhile
            dim_user: 1 missing, 0 healed
            dim_user: 1 extra, 0 healed
            dim_user: missing [0]
            dim_user: extra [5]
            dim_user: 10 keys are owed to a copy, the oldest for 30 s
            dim_user: second.state 0
            """);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(Files.readString(json))
        .contains(
            "\"left\" : 2",
            "\"examined\" : 12",
            "\"changedMeanwhile\" : 2",
            "\"missing\" : 1",
            "\"second.state\" : 0",
            "\"oldestMillis\" : 30000");
  }

  @Test
  void aCheckThatHealedEverythingEndsWithZero() {
    CommandRun run = check("--repair", "--rate=100");
    assertThat(run.out()).contains("dim_user: 1 extra, 1 healed");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed(@TempDir Path folder) {
    CommandRun run = check("--json=" + folder.resolve("no/such.json"));
    assertThat(run.err()).contains("error: --json").contains("such.json");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  private static CommandRun check(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "check", "--store=two-copies", "--store-option=unsettled=10", "--dimension=user"));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  @Test
  void aTableThatIsNotThereIsNotTakenForOneThatIsInStep() {
    for (String command : List.of("repair", "check")) {
      CommandRun run =
          CommandRun.of(command, "--store=two-copies", "--dimension=user", "--table=user=missing");
      assertThat(run.err().strip()).isEqualTo("error: NO_TABLE: There is no table missing");
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void theTablesOfAJobAreLookedAfterAsItDeclaresThem(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("job.sql");
    Files.writeString(
        sql,
        """
        SET 'pipeline.name' = 'risk';
        CREATE TABLE devices (vendor STRING, serial BIGINT, score DOUBLE,
          PRIMARY KEY (vendor, serial) NOT ENFORCED)
          WITH ('connector' = 'dim', 'store' = 'two-copies', 'table' = 'dim_device',
            'two-copies.unsettled' = '10');
        CREATE TABLE plain (id STRING, PRIMARY KEY (id) NOT ENFORCED)
          WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 'plain');
        INSERT INTO devices SELECT * FROM devices;
        """);
    CommandRun check = CommandRun.of("check", "--sql=" + sql, "--repair");
    assertThat(check.out()).contains("dim_device: 12 examined", "dim_device: 1 missing, 1 healed");
    assertThat(check.err())
        .contains("plain: passed over; of store memory, it keeps one copy of each row");
    assertThat(check.exitCode()).isZero();
    CommandRun repair = CommandRun.of("repair", "--sql=" + sql);
    assertThat(repair.out()).contains("dim_device: 10 unsettled keys looked at, 2 brought in step");
    assertThat(repair.exitCode()).isZero();
  }

  @Test
  void aFileOfSqlThatSaysNothingUsefulIsRefused(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("job.sql");
    assertUsage("--sql " + sql + ": cannot be read", "check", "--sql=" + sql);
    Files.writeString(sql, "CREATE TABLE t (id STRING) WITH ('connector' = 'datagen');");
    assertUsage("it creates no table of 'connector' = 'dim'", "repair", "--sql=" + sql);
    Files.writeString(
        sql,
        "CREATE TABLE t (id STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'dim',"
            + " 'store' = 'two-copies', 'table' = 't', 'two-copies.unsetled' = '1')");
    assertUsage("unsettled", "repair", "--sql=" + sql);
    Files.writeString(sql, "CREATE TABLE t (id STRING");
    assertUsage("Encountered \"<EOF>\"", "check", "--sql=" + sql);
    assertUsage("--sql says all of the tables", "check", "--sql=" + sql, "--store=two-copies");
    assertUsage("say which tables: --store and its options, or --sql", "check");
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
