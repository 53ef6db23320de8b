// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.flink.table.DimTableFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.catalog.CatalogDescriptor;
import org.apache.flink.table.catalog.ContextResolvedTable;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogBaseTable;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.catalog.UniqueConstraint;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.ddl.CreateTableOperation;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.utils.EncodingUtils;

/** Finds the tables of {@code 'connector' = 'dim'} that a text of SQL declares. */
final class DeclaredTables {

  private static final String VARIABLE = ".options";

  /** Stands for a table's options while they are left open. It names the table of the variable. */
  private static final String OPEN = "options-of";

  private static final Pattern QUOTED =
      Pattern.compile("'[^']*+(?:'|\\z)|`[^`]*+(?:`|\\z)|\"[^\"]*+(?:\"|\\z)");

  /** Parentheses without others inside them. */
  private static final Pattern PARENTHESES = Pattern.compile("\\([^()]*+\\)");

  private DeclaredTables() {}

  /**
   * Returns the tables that a text declares, in order of their names in SQL. Only the CREATE TABLE
   * statements without a query are executed, in an environment of their own, without a request to
   * any server. Catalogs and databases in the names of tables are created there. Needs a planner on
   * the class path.
   *
   * <p>A WITH clause may hold the variable <code>${TABLE.options}</code> in place of the connector,
   * the store and its options.
   *
   * @param file the name of the text in messages
   * @throws ValidationException for a declaration that the connector refuses, naming the remedy
   * @throws org.apache.flink.table.api.TableException or another exception of Flink if the text is
   *     not valid SQL
   */
  static List<Dimension> read(String file, String sql) {
    TableEnvironmentInternal env =
        (TableEnvironmentInternal) TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    Set<ObjectIdentifier> created =
        new TreeSet<>(
            Comparator.comparing(ObjectIdentifier::getObjectName)
                .thenComparing(ObjectIdentifier::asSummaryString));
    for (String statement : SqlScript.statements(sql)) {
      if (statement.matches("(?is)CREATE\\s+(TEMPORARY\\s+)?TABLE\\b.*")
          && !isAsSelect(statement)) {
        for (Operation operation : env.getParser().parse(withOptions(file, statement))) {
          if (operation instanceof CreateTableOperation create) {
            createDatabase(env, create.getTableIdentifier());
            env.executeInternal(create);
            created.add(create.getTableIdentifier());
          }
        }
      }
    }
    List<Dimension> tables = new ArrayList<>();
    for (ObjectIdentifier table : created) {
      env.getCatalogManager().getTable(table).flatMap(DeclaredTables::of).ifPresent(tables::add);
    }
    return tables;
  }

  /** Creates the catalog and the database of a table, unless they exist. */
  private static void createDatabase(TableEnvironment env, ObjectIdentifier table) {
    String catalog = table.getCatalogName();
    if (env.getCatalog(catalog).isEmpty()) {
      env.createCatalog(
          catalog,
          CatalogDescriptor.of(
              catalog, Configuration.fromMap(Map.of("type", "generic_in_memory"))));
    }
    env.executeSql(
        "CREATE DATABASE IF NOT EXISTS "
            + EncodingUtils.escapeIdentifier(catalog)
            + "."
            + EncodingUtils.escapeIdentifier(table.getDatabaseName()));
  }

  /**
   * Returns whether a statement is CREATE TABLE AS SELECT, by an AS outside of quotes and
   * parentheses. Such a statement is not parsed: it would need the tables, views and databases of
   * its query.
   */
  private static boolean isAsSelect(String statement) {
    String outside = QUOTED.matcher(statement).replaceAll("q");
    String before = "";
    while (!before.equals(outside)) {
      before = outside;
      outside = PARENTHESES.matcher(outside).replaceAll(" ");
    }
    return outside.matches("(?is)[^(]*\\bAS\\b.*");
  }

  private static String withOptions(String file, String statement) {
    SqlTemplate template = new SqlTemplate();
    for (String variable : SqlTemplate.variables(statement)) {
      if (!variable.endsWith(VARIABLE)) {
        throw new ValidationException(
            "${"
                + variable
                + "} is no variable of a table. Remedy: write ${TABLE.options} with the table's"
                + " name, in its WITH clause.");
      }
      String table = variable.substring(0, variable.length() - VARIABLE.length());
      template.options(variable, Map.of("connector", DimTableFactory.IDENTIFIER, OPEN, table));
    }
    return template.render(file, statement);
  }

  private static Optional<Dimension> of(ContextResolvedTable table) {
    ResolvedCatalogBaseTable<?> resolved = table.getResolvedTable();
    if (!(resolved instanceof ResolvedCatalogTable declared)
        || !DimTableFactory.IDENTIFIER.equals(
            declared.getOptions().get(FactoryUtil.CONNECTOR.key()))) {
      return Optional.empty();
    }
    Map<String, String> options = new LinkedHashMap<>(declared.getOptions());
    options.remove(FactoryUtil.CONNECTOR.key());
    String open = options.remove(OPEN);
    if (open == null) {
      check(table, declared);
    }
    String name = table.getIdentifier().getObjectName();
    if (open != null && !open.equals(name)) {
      throw new ValidationException(
          "Table '%s' uses ${%s.options}. Remedy: write ${%s.options}."
              .formatted(name, open, name));
    }
    ResolvedSchema schema = declared.getResolvedSchema();
    Dimension dimension =
        new Dimension(
            name,
            (RowType) schema.toPhysicalRowDataType().getLogicalType(),
            schema
                .getPrimaryKey()
                .map(UniqueConstraint::getColumns)
                .orElseThrow(
                    () ->
                        new ValidationException(
                            "Table '"
                                + name
                                + "' has no primary key. Remedy: declare the key of the stored"
                                + " table with PRIMARY KEY (…) NOT ENFORCED.")),
            options);
    dimension.table(); // refuses columns that no store keeps
    return Optional.of(dimension);
  }

  private static void check(ContextResolvedTable table, ResolvedCatalogTable declared) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    new DimTableFactory()
        .createDynamicTableSource(
            new FactoryUtil.DefaultDynamicTableContext(
                table.getIdentifier(),
                declared,
                Map.of(),
                new Configuration(),
                context == null ? DeclaredTables.class.getClassLoader() : context,
                table.isTemporary()));
  }
}
