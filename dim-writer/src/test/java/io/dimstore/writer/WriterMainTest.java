// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.cli.ExitCodes;
import io.dimstore.cli.FailureReport;
import io.dimstore.spi.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.table.api.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriterMainTest {

  @ParameterizedTest
  @ValueSource(strings = {"run", "repair", "check"})
  void helpOfEveryCommandHasExamples(String command) {
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
            "--dimensions=user",
            "--dimension-topic=user=crm",
            "--dimension-option=user:sink.batch-size=7",
            "--kafka-option=sasl.jaas.config=hush",
            "--print-sql");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("'topic' = 'crm'", "'sink.batch-size' = '7'", "INSERT INTO `dim_user_versioned`")
        .doesNotContain("hush", "dim_item");
  }

  @Test
  void wrongUsageIsReportedAndExitsWithTwo() {
    assertUsage("a command is missing: one of run, repair, check");
    assertUsage("--bounded", "run", "--bootstrap=h:1", "--store=memory", "--boundet");
    assertUsage("--bootstrap", "run", "--store=memory");
    assertUsage("--store STORE is missing", "run", "--bootstrap=h:1");
    assertUsage(
        "there is no dimension 'users'; there are: user, item",
        "run",
        "--bootstrap=h:1",
        "--store=memory",
        "--dimensions=users");
    assertUsage(
        "--dimension-topic 'item': must be one of user",
        "run",
        "--bootstrap=h:1",
        "--store=memory",
        "--dimensions=user",
        "--dimension-topic=item=x");
    assertUsage(
        "--dimension-option 'size': put the dimension in front",
        "run",
        "--bootstrap=h:1",
        "--store=memory",
        "--dimension-option=size=3");
    assertUsage("--batch '0': must be at least 1", "repair", "--store=memory", "--batch=0");
    assertUsage(
        "--rows-per-second '-1': must be at least 0",
        "check",
        "--store=memory",
        "--rows-per-second=-1");
    assertUsage("--splits '0': must be at least 1", "check", "--store=memory", "--splits=0");
  }

  @Test
  void anUnknownStoreOrOptionIsWrongUsage() {
    assertUsage("memory", "repair", "--store=memroy");
    assertUsage("instance", "repair", "--store=memory", "--store-option=instanze=x");
    assertUsage(
        "instance", "run", "--bootstrap=h:1", "--store=memory", "--store-option=instanze=x");
  }

  @Test
  void aStoreWithoutACacheHasNothingToRepair() {
    assertUsage(
        "--store 'memory': it keeps one copy of each row, so there is nothing to repair",
        "repair",
        "--store=memory",
        "--store-option=instance=" + UUID.randomUUID(),
        "--dimensions=user");
  }

  @Test
  void repairContinuesUntilNothingRemains() {
    CommandRun run =
        CommandRun.of(
            "repair",
            "--store=two-copies",
            "--store-option=pending=25",
            "--dimensions=user,item",
            "--batch=10");
    assertThat(run.out())
        .isEqualToNormalizingNewlines(
            """
            dim_user: before, 25 keys are pending for the cache, the oldest for 1 min 15 s
            dim_user: 25 pending keys examined, 5 repaired
            dim_user: after, no write is pending for the cache
            dim_user: second.state 0
            dim_item: before, 25 keys are pending for the cache, the oldest for 1 min 15 s
            dim_item: 25 pending keys examined, 5 repaired
            dim_item: after, no write is pending for the cache
            dim_item: second.state 0
            """);
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void repairPurgesExpiredRowsOnRequest() {
    CommandRun run =
        CommandRun.of(
            "repair",
            "--store=two-copies",
            "--store-option=pending=0",
            "--dimensions=user",
            "--purge");
    assertThat(run.out())
        .contains("dim_user: 20 rows read, 2 tombstones and expired rows purged, 4 kept");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aStoreWithoutACacheHasNothingToCompare() {
    assertUsage(
        "--store 'memory': it keeps one copy of each row, so there is nothing to compare",
        "check",
        "--store=memory",
        "--store-option=instance=" + UUID.randomUUID(),
        "--dimensions=user");
  }

  @Test
  void aCheckThatFindsDifferencesReportsThemAndExitsWithThree(@TempDir Path folder)
      throws Exception {
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
            dim_user: 10 keys are pending for the cache, the oldest for 30 s
            dim_user: second.state 0
            """);
    assertThat(run.exitCode()).isEqualTo(ExitCodes.NEGATIVE);
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
  void aCheckThatHealedEverythingExitsWithZero() {
    CommandRun run = check("--repair", "--rows-per-second=100");
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
                "check", "--store=two-copies", "--store-option=pending=10", "--dimensions=user"));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  @Test
  void aMissingTableIsNotReportedAsInStep() {
    for (String command : List.of("repair", "check")) {
      CommandRun run =
          CommandRun.of(
              command, "--store=two-copies", "--dimensions=user", "--dimension-table=user=missing");
      assertThat(run.err().strip()).isEqualTo("error: NO_TABLE: There is no table missing");
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void theTablesThatAJobDeclaresAreCheckedAndRepaired(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("job.sql");
    Files.writeString(
        sql,
        """
        SET 'pipeline.name' = 'risk';
        CREATE TABLE devices (vendor STRING, serial BIGINT, score DOUBLE,
          PRIMARY KEY (vendor, serial) NOT ENFORCED)
          WITH ('connector' = 'dim', 'store' = 'two-copies', 'table' = 'dim_device',
            'two-copies.pending' = '10');
        CREATE TABLE plain (id STRING, PRIMARY KEY (id) NOT ENFORCED)
          WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 'plain');
        INSERT INTO devices SELECT * FROM devices;
        """);
    CommandRun check = CommandRun.of("check", "--sql=" + sql, "--repair");
    assertThat(check.out()).contains("dim_device: 12 examined", "dim_device: 1 missing, 1 healed");
    assertThat(check.err()).contains("plain: skipped; store memory keeps one copy of each row");
    assertThat(check.exitCode()).isZero();
    CommandRun repair = CommandRun.of("repair", "--sql=" + sql);
    assertThat(repair.out()).contains("dim_device: 10 pending keys examined, 2 repaired");
    assertThat(repair.exitCode()).isZero();
  }

  @Test
  void anSqlFileWithoutUsableTablesIsRefused(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("job.sql");
    assertUsage("--sql '" + sql + "': must be a file that can be read", "check", "--sql=" + sql);
    Files.writeString(sql, "CREATE TABLE t (id STRING) WITH ('connector' = 'datagen');");
    assertUsage("must create a table of 'connector' = 'dim'", "repair", "--sql=" + sql);
    Files.writeString(
        sql,
        "CREATE TABLE t (id STRING, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'dim',"
            + " 'store' = 'two-copies', 'table' = 't', 'two-copies.unsetled' = '1')");
    assertUsage("pending", "repair", "--sql=" + sql);
    Files.writeString(sql, "CREATE TABLE t (id STRING");
    assertUsage("Encountered \"<EOF>\"", "check", "--sql=" + sql);
    assertUsage("name the tables: with --store and its options, or with --sql", "check");
  }

  @Test
  void aTableOfOnesOwnHasItsNameItsTopicAndItsOptions(@TempDir Path folder) throws Exception {
    Path open = folder.resolve("open.sql");
    Files.writeString(
        open,
        """
        CREATE TABLE dim_merchant (id STRING, since DATE, PRIMARY KEY (id) NOT ENFORCED)
          WITH (${dim_merchant.options}, 'sink.linger' = '5 ms');
        CREATE TABLE shop (nr INT, PRIMARY KEY (nr) NOT ENFORCED) WITH (${shop.options});
        """);
    String[] run = {"run", "--bootstrap=h:1", "--sql=" + open, "--store=memory", "--print-sql"};
    CommandRun both = CommandRun.of(run);
    assertThat(both.err()).isEmpty();
    assertThat(both.out())
        .contains("'topic' = 'dim-merchant-changes'", "'table' = 'dim_merchant'", "`since` DATE")
        .contains("'sink.linger' = '5 ms'", "'topic' = 'dim-shop-changes'", "'table' = 'shop'")
        .doesNotContain("dim_user");
    CommandRun one =
        CommandRun.of(
            with(
                run,
                "--dimensions=merchant",
                "--dimension-topic=merchant=crm",
                "--dimension-table=merchant=m",
                "--dimension-option=merchant:sink.linger=9 ms"));
    assertThat(one.out())
        .contains("'topic' = 'crm'", "'table' = 'm'", "'sink.linger' = '9 ms'")
        .doesNotContain("shop");
    assertUsage(
        "there is no dimension 'user'; there are: merchant, shop", with(run, "--dimensions=user"));
    assertUsage("--store STORE is missing", "run", "--bootstrap=h:1", "--sql=" + open);
    assertUsage("name the tables", "repair", "--dimensions=merchant");
  }

  @Test
  void aFileMayNameTheStoreOfItsTables(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("job.sql");
    String table =
        """
        CREATE TABLE dim_%1$s (id STRING, PRIMARY KEY (id) NOT ENFORCED)
          WITH ('connector' = 'dim', 'store' = '%2$s', 'table' = 't_%1$s', '%2$s.%3$s' = '1');
        """;
    Files.writeString(
        sql,
        table.formatted("a", "memory", "instance") + table.formatted("b", "two-copies", "pending"));
    String[] run = {"run", "--bootstrap=h:1", "--sql=" + sql, "--print-sql"};
    assertThat(CommandRun.of(with(run, "--dimensions=a")).out())
        .contains("'store' = 'memory'", "'table' = 't_a'", "'memory.instance' = '1'");
    assertUsage("its tables are in different stores (memory, two-copies)", run);
    String[] named = {"--store=memory", "--dimension-table=a=x"};
    for (String more : named) {
      assertUsage(
          "--sql '"
              + sql
              + "' names the store and the table of a: leave out --store, its options and"
              + " --dimension-table, or write ${dim_a.options} in place",
          with(run, "--dimensions=a", more));
    }
    assertThat(CommandRun.of("repair", "--sql=" + sql, "--dimensions=b").out())
        .contains("t_b: before, 1 keys are pending");
  }

  @Test
  void aColumnThatChangesCannotHaveIsReportedBeforeTheRun(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("t.sql");
    Files.writeString(
        sql,
        "CREATE TABLE t (id STRING, version BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
            + " WITH (${t.options})");
    assertUsage(
        "dimension 't': column 'version' has the name of a field that every change has",
        "run",
        "--bootstrap=h:1",
        "--sql=" + sql,
        "--store=memory",
        "--print-sql");
    // The copies of such a table can be compared all the same.
    assertThat(CommandRun.of("check", "--sql=" + sql, "--store=two-copies").exitCode()).isZero();
  }

  @Test
  void aNameThatIsNoIdentifierIsReportedBeforeTheRun(@TempDir Path folder) throws Exception {
    Path sql = folder.resolve("t.sql");
    String[] run = {"run", "--bootstrap=h:1", "--sql=" + sql, "--store=two-copies"};
    for (String name : List.of("2023_prices", "x-y")) {
      String table = "dim_" + name;
      Files.writeString(
          sql,
          "CREATE TABLE `%s` (id STRING, PRIMARY KEY (id) NOT ENFORCED) WITH (${%s.options})"
              .formatted(table, table));
      String message =
          "dimension '"
              + name
              + "': use only letters, digits and _, and no digit first: give the table '"
              + table
              + "' another name in the file";
      assertUsage(message, run);
      assertUsage(message, with(run, "--print-sql"));
      // The copies of such a table can be compared all the same.
      assertThat(CommandRun.of("check", "--sql=" + sql, "--store=two-copies").exitCode()).isZero();
    }
  }

  private static String[] with(String[] args, String... more) {
    return Stream.concat(Arrays.stream(args), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void aFailingStoreExitsWithOneAndOneLine() {
    CommandRun run = CommandRun.of("repair", "--store=two-copies", "--store-option=pending=-1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip()).isEqualTo("error: UNAVAILABLE: The second copy is away");
  }

  @Test
  void whatAStoreRefusesIsWrongUsageUntilTheJobIsSubmitted() {
    StoreException invalid = StoreException.invalid("no option x");
    ValidationException wrapped = new ValidationException("Unable to create", invalid);
    assertThat(WriterMain.report(new WriterException("Store 'x': y", wrapped)))
        .isEqualTo(FailureReport.usage("Store 'x': y"));
    assertThat(WriterMain.report(WriterException.ofJob("The job failed: y", wrapped)))
        .isEqualTo(FailureReport.failed("The job failed: y"));
    assertThat(WriterMain.report(new NullPointerException())).isNull();
  }

  private static void assertUsage(String part, String... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).contains(part).doesNotContain("\tat ");
    assertThat(run.exitCode()).isEqualTo(2);
  }
}
