// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.flink.store.DimTable;
import io.dimstore.flink.table.Declaration;
import io.dimstore.flink.table.DimTableFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.catalog.CatalogManager;
import org.apache.flink.table.catalog.ContextResolvedTable;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.ddl.CreateTableOperation;

/** Finds the tables of {@code 'connector' = 'dim'} that the SQL of a job declares. */
public final class DeclaredTables {

  private DeclaredTables() {}

  /**
   * Returns the tables that a text declares, in order of their names in SQL. Only the CREATE TABLE
   * statements are executed, in an environment of their own, without a request to any server. Needs
   * a planner on the class path.
   *
   * @throws ValidationException for a declaration that the connector refuses, naming the remedy
   * @throws org.apache.flink.table.api.TableException or another exception of Flink if the text is
   *     not valid SQL
   */
  public static List<StoreTable> read(String sql) {
    TableEnvironmentInternal env =
        (TableEnvironmentInternal) TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    for (String statement : SqlScript.statements(sql)) {
      if (statement.matches("(?is)CREATE\\s+(TEMPORARY\\s+)?TABLE\\b.*")) {
        for (Operation operation : env.getParser().parse(statement)) {
          // CREATE TABLE AS SELECT is another operation, and would start a job.
          if (operation instanceof CreateTableOperation create) {
            env.executeInternal(create);
          }
        }
      }
    }
    List<StoreTable> tables = new ArrayList<>();
    for (String name : Arrays.stream(env.listTables()).sorted().toList()) {
      CatalogManager catalogs = env.getCatalogManager();
      ObjectIdentifier identifier =
          ObjectIdentifier.of(catalogs.getCurrentCatalog(), catalogs.getCurrentDatabase(), name);
      catalogs.getTable(identifier).flatMap(DeclaredTables::of).ifPresent(tables::add);
    }
    return tables;
  }

  private static Optional<StoreTable> of(ContextResolvedTable table) {
    ResolvedCatalogBaseTable<?> resolved = table.getResolvedTable();
    if (!(resolved instanceof ResolvedCatalogTable declared)
        || !DimTableFactory.IDENTIFIER.equals(
            declared.getOptions().get(FactoryUtil.CONNECTOR.key()))) {
      return Optional.empty();
    }
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    Declaration declaration =
        Declaration.read(
            new FactoryUtil.DefaultDynamicTableContext(
                table.getIdentifier(),
                declared,
                Map.of(),
                new Configuration(),
                context == null ? DeclaredTables.class.getClassLoader() : context,
                table.isTemporary()));
    DimTable dim = declaration.table();
    return Optional.of(
        new StoreTable(dim.store().id(), dim.store().options(), dim.layout().spec()));
  }
}
