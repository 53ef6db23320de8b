// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import io.dimstore.cli.Usage;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StoreTable;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The tables to repair or check: those of dimensions in one store, or all that the SQL of a job
 * declares.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MaintainedTables {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private StoreArguments store;

  /** Begins to ask the servers of the store on the command line, if a store is named there. */
  StorePing ping() {
    return store.ping();
  }

  /**
   * Returns the tables, checked as far as possible without a server.
   *
   * @throws io.dimstore.cli.UsageException if an option is wrong or missing
   */
  List<StoreTable> tables() {
    if (!store.namesStore() && !store.namesFile()) {
      throw Usage.error(
          "name the tables: with --store and its options, or with --sql and the SQL of a job");
    }
    try {
      return store.tables();
    } catch (IllegalArgumentException e) {
      throw Usage.error(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Handles a table whose store has no cache. If the file of SQL names the store, the table is
   * skipped with a message.
   *
   * @throws io.dimstore.cli.UsageException if the user named the store with {@code --store}
   */
  void passOver(StoreTable table, String purpose) {
    String why = "keeps one copy of each row, so there is nothing to " + purpose;
    if (store.namesStore()) {
      throw Usage.badValue("--store", table.store(), "it " + why);
    }
    spec.commandLine()
        .getErr()
        .println(table.spec().name() + ": skipped; store " + table.store() + " " + why);
  }
}
