package io.dimstore.writer;

import io.dimstore.flink.DeclaredTable;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The tables to look after: those of the dimensions, or any that jobs declare, as they declare
 * them.
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
          "Instead of all of these: the SQL of a job. Each table of 'connector' = 'dim' that it"
              + " creates is taken, with its options.")
  private @Nullable Path sql;

  /**
   * The tables, checked as far as that goes without a server.
   *
   * @throws ParameterException naming what is wrong
   */
  List<StoreTable> tables() {
    try {
      return sql == null ? ofDimensions() : declaredIn(sql);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /**
   * What to do with a table whose store has no copies: of those that a job declares it is passed
   * over.
   *
   * @throws ParameterException where the user named the store
   */
  void passOver(StoreTable table, String purpose) {
    String why = "it keeps one copy of each row, so there is nothing to " + purpose;
    if (sql == null) {
      throw new ParameterException(spec.commandLine(), "--store " + table.store() + ": " + why);
    }
    spec.commandLine()
        .getErr()
        .println(table.spec().name() + ": passed over; of store " + table.store() + ", " + why);
  }

  private List<StoreTable> ofDimensions() {
    if (store.store().isBlank()) {
      throw new IllegalArgumentException(
          "say which tables: --store and its options, or --sql with the SQL of a job");
    }
    return store.routes(Map.of()).stream()
        .map(route -> StoreTable.of(store.store(), store.options(), route))
        .toList();
  }

  private List<StoreTable> declaredIn(Path file) {
    if (store.isGiven()) {
      throw new IllegalArgumentException(
          "--sql says all of the tables: leave out --store, --store-option, --dimension, --table"
              + " and --table-option");
    }
    List<DeclaredTable> tables;
    try {
      tables = DeclaredTable.read(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalArgumentException("--sql " + file + ": cannot be read (" + e + ")", e);
    } catch (ValidationException | SqlParserException e) {
      throw new IllegalArgumentException(
          "--sql " + file + ": " + WriterException.line(outermost(e)), e);
    }
    if (tables.isEmpty()) {
      throw new IllegalArgumentException(
          "--sql " + file + ": it creates no table of 'connector' = 'dim'");
    }
    return tables.stream()
        .map(table -> new StoreTable(table.store(), table.storeOptions(), table.spec()))
        .toList();
  }

  /** What the connector says of a declaration; causes of it say less. */
  private static Throwable outermost(RuntimeException failure) {
    return StoreException.find(failure) == null
        ? new IllegalArgumentException(String.valueOf(failure.getMessage()))
        : failure;
  }
}
