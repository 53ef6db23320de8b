package io.dimstore.flink;

import io.dimstore.spi.TableSpec;
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

/**
 * A table of {@code 'connector' = 'dim'} as a CREATE TABLE declares it, in the form in which its
 * store can be opened without Flink: for tools beside the jobs that use it.
 *
 * @param name its name in SQL
 * @param store the store's id
 * @param storeOptions the store's options of store scope, checked, without the store's name
 * @param spec the table, with the options of table scope
 */
public record DeclaredTable(
    String name, String store, Map<String, String> storeOptions, TableSpec spec) {

  /** Copies the options. */
  public DeclaredTable {
    storeOptions = Map.copyOf(storeOptions);
  }

  /**
   * The tables of this connector that a text declares, in order of their names. Only its CREATE
   * TABLE statements are carried out, in an environment of their own; no server is asked. Needs a
   * planner on the class path.
   *
   * @throws ValidationException for a declaration that the connector refuses, naming the remedy
   * @throws org.apache.flink.table.api.TableException or another of Flink's for what is no SQL
   */
  public static List<DeclaredTable> read(String sql) {
    TableEnvironmentInternal env =
        (TableEnvironmentInternal) TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    for (String statement : SqlScript.statements(sql)) {
      if (statement.matches("(?is)CREATE\\s+(TEMPORARY\\s+)?TABLE\\b.*")) {
        for (Operation operation : env.getParser().parse(statement)) {
          // One that also selects rows is another operation, and would start a job.
          if (operation instanceof CreateTableOperation create) {
            env.executeInternal(create);
          }
        }
      }
    }
    List<DeclaredTable> tables = new ArrayList<>();
    for (String name : Arrays.stream(env.listTables()).sorted().toList()) {
      CatalogManager catalogs = env.getCatalogManager();
      ObjectIdentifier identifier =
          ObjectIdentifier.of(catalogs.getCurrentCatalog(), catalogs.getCurrentDatabase(), name);
      catalogs.getTable(identifier).flatMap(DeclaredTable::of).ifPresent(tables::add);
    }
    return tables;
  }

  private static Optional<DeclaredTable> of(ContextResolvedTable table) {
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
                context == null ? DeclaredTable.class.getClassLoader() : context,
                table.isTemporary()));
    DimTable dim = declaration.table();
    return Optional.of(
        new DeclaredTable(
            table.getIdentifier().getObjectName(),
            dim.store().id(),
            dim.store().options(),
            dim.layout().spec()));
  }

  /** Shows no option: some are secret. */
  @Override
  public String toString() {
    return "table '" + name + "' of store '" + store + "'";
  }
}
