// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.cli.Usage;
import io.dimstore.cli.store.StoreOptions;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StoreTable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that name a table in two stores: a mixin. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MigrationTables {

  @Option(
      names = "--from",
      paramLabel = "STORE",
      description = "Store that holds the table now, by its id, such as hbase-redis.")
  private @Nullable String from;

  @Option(
      names = "--from-option",
      paramLabel = "NAME=VALUE",
      showDefaultValue = Visibility.NEVER,
      description =
          "Option of the store of --from or of its table, with or without the store's id in front."
              + " Repeatable. Without any such option and --from-config, the store uses the servers"
              + " that the variables of 'stack up --format env' name.")
  private Map<String, String> fromOptions = new LinkedHashMap<>();

  @Option(
      names = "--from-config",
      paramLabel = "FILE",
      description =
          "Properties file with options of the store of --from. Secrets belong there."
              + " --from-option takes precedence.")
  private @Nullable Path fromConfig;

  @Option(
      names = "--from-table",
      paramLabel = "TABLE",
      description = "Name of the table in the store of --from, instead of its name in SQL.")
  private @Nullable String fromTable;

  @Option(
      names = "--to",
      paramLabel = "STORE",
      required = true,
      description = "Store that the table moves to, by its id, such as dynamodb.")
  private String to;

  @Option(
      names = "--to-option",
      paramLabel = "NAME=VALUE",
      showDefaultValue = Visibility.NEVER,
      description = "Option of the store of --to or of its table; otherwise like --from-option.")
  private Map<String, String> toOptions = new LinkedHashMap<>();

  @Option(
      names = "--to-config",
      paramLabel = "FILE",
      description =
          "Properties file with options of the store of --to; otherwise like --from-config.")
  private @Nullable Path toConfig;

  @Option(
      names = "--to-table",
      paramLabel = "TABLE",
      description = "Name of the table in the store of --to, instead of its name in SQL.")
  private @Nullable String toTable;

  @Option(
      names = "--sql",
      paramLabel = "FILE",
      description =
          "File of SQL that declares the tables, in place of the built-in user and item. If it names"
              + " the store of the table, leave out --from. docs/dim-writer.md shows one.")
  private @Nullable Path sql;

  @Option(
      names = "--dimension",
      paramLabel = "DIMENSION",
      description =
          "Dimension to look at: a table of --sql without dim_ in front, or user or item. Needed"
              + " unless --sql declares one table.")
  private @Nullable String dimension;

  /**
   * The table in both stores.
   *
   * @param dimension the declaration of the table
   * @param from the source
   * @param to the target
   * @param fromPing the question to the servers of the source, begun if the command line names them
   * @param toPing the question to the servers of the target
   */
  record Pair(
      Dimension dimension, StoreTable from, StoreTable to, StorePing fromPing, StorePing toPing) {}

  /**
   * Returns the table in both stores, checked as far as possible without a server. Begins to ask
   * the servers before it reads the declarations, which takes seconds.
   *
   * @param scope the servers that the step needs
   * @throws io.dimstore.cli.UsageException if an option is wrong or missing
   */
  Pair tables(StorePing.Scope scope) {
    try {
      Map<String, String> toStore = StoreOptions.of(to, "--to-config", toConfig, toOptions);
      StorePing toPing = StorePing.begin(to, toStore, scope);
      StorePing fromPing =
          from == null ? StorePing.none() : StorePing.begin(from, optionsOfSource(from), scope);
      Dimension chosen = chosen();
      if (chosen.namesStore() == (from != null)) {
        throw Usage.error(
            from == null
                ? "--from STORE is missing: give the id of the store that holds the table now"
                : "--sql '" + sql + "' names the store of " + chosen.name() + ": leave out --from");
      }
      String declared = chosen.options().get("table");
      String name = declared == null ? chosen.defaultTable() : declared;
      String source = from == null ? chosen.options().getOrDefault("store", "") : from;
      // The options in SQL are for the store of the source. Those that have the prefix of another
      // store are ignored.
      StoreTable inSource =
          StoreTable.of(
              source,
              optionsOfSource(source),
              chosen.storedAs(fromTable == null ? name : fromTable, chosen.options()));
      StoreTable inTarget =
          StoreTable.of(to, toStore, chosen.storedAs(toTable == null ? name : toTable, Map.of()));
      if (inSource.equals(inTarget)) {
        throw Usage.error("--from and --to name the same table");
      }
      return new Pair(chosen, inSource, inTarget, fromPing, toPing);
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, String> optionsOfSource(String store) {
    return StoreOptions.of(store, "--from-config", fromConfig, fromOptions);
  }

  private Dimension chosen() {
    if (sql == null && dimension == null) {
      throw Usage.error(
          "say which table: --sql with a file that declares it, or --dimension with user or item");
    }
    List<Dimension> all;
    try {
      all = sql == null ? Dimensions.builtIn() : Dimensions.in(sql);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--sql " + e.getMessage(), e);
    }
    if (dimension == null && all.size() > 1) {
      throw new IllegalArgumentException(
          "--sql '"
              + sql
              + "' declares "
              + String.join(", ", all.stream().map(Dimension::name).toList())
              + ": choose one with --dimension");
    }
    return dimension == null ? all.get(0) : Dimensions.named(dimension, all);
  }
}
