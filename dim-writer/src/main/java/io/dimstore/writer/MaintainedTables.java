// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.cli.Usage;
import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.sql.DeclaredTables;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.SqlParserException;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The options that name the tables to repair or check: the tables of dimensions, or all that the
 * SQL of a job declares.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MaintainedTables {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private StoreArguments store;

  @Option(
      names = "--sql",
      paramLabel = "FILE",
      description =
          "File with the SQL of a job, instead of --store and --dimensions. The command uses each"
              + " table that it creates with 'connector' = 'dim', with its options.")
  private @Nullable Path sql;

  /**
   * Returns the tables, checked as far as possible without a server.
   *
   * @throws io.dimstore.cli.UsageException if an option is wrong or missing
   */
  List<StoreTable> tables() {
    try {
      return sql == null ? ofDimensions() : declaredIn(sql);
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Skips a table whose store has no cache, with a message, if the SQL of a job declares it.
   *
   * @throws io.dimstore.cli.UsageException if the user named the store with {@code --store}
   */
  void passOver(StoreTable table, String purpose) {
    String why = "keeps one copy of each row, so there is nothing to " + purpose;
    if (sql == null) {
      throw Usage.badValue("--store", table.store(), "it " + why);
    }
    spec.commandLine()
        .getErr()
        .println(table.spec().name() + ": skipped; store " + table.store() + " " + why);
  }

  private List<StoreTable> ofDimensions() {
    if (!store.isNamed()) {
      throw new IllegalArgumentException(
          "name the tables: with --store and its options, or with --sql and the SQL of a job");
    }
    return store.routes(Map.of()).stream()
        .map(route -> route.in(store.store(), store.options()))
        .toList();
  }

  private List<StoreTable> declaredIn(Path file) {
    if (store.isGiven()) {
      throw new IllegalArgumentException(
          "--sql names all tables: remove the options of stores and dimensions");
    }
    List<StoreTable> tables;
    try {
      tables = DeclaredTables.read(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--sql '" + file + "': must be a file that can be read (" + e + ")", e);
    } catch (ValidationException | SqlParserException e) {
      throw new IllegalArgumentException(
          "--sql '" + file + "': " + FailureText.inOneLine(outermost(e)), e);
    }
    if (tables.isEmpty()) {
      throw new IllegalArgumentException(
          "--sql '" + file + "': must create a table of 'connector' = 'dim'");
    }
    return tables;
  }

  /**
   * Returns the failure without its causes, unless a store's failure is among them. Other causes
   * are less specific than the failure's own message.
   */
  private static Throwable outermost(RuntimeException failure) {
    return StoreException.find(failure) == null
        ? new IllegalArgumentException(String.valueOf(failure.getMessage()))
        : failure;
  }
}
