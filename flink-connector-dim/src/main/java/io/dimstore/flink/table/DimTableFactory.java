// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.table;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.table.DimTableSink;
import io.dimstore.flink.internal.table.DimTableSource;
import io.dimstore.flink.internal.table.TableDeclaration;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;

/**
 * Creates the tables of the connector {@code dim}: a dimension store's table as lookup source,
 * bounded scan and upsert sink.
 *
 * <p>Everything that can be checked without contacting a server is checked when a query is planned:
 * each option of the connector and of the store, the primary key and the types. A violation is
 * reported as a {@link org.apache.flink.table.api.ValidationException} that names the option or
 * column and the remedy.
 */
public final class DimTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {

  /** The value of {@code 'connector'}. */
  public static final String IDENTIFIER = "dim";

  /** Called by Flink's service loader. */
  public DimTableFactory() {}

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(DimOptions.STORE, DimOptions.TABLE);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> options = new HashSet<>(DimOptions.all());
    options.removeAll(requiredOptions());
    return options;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    return DimTableSource.of(TableDeclaration.read(context));
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    return DimTableSink.of(TableDeclaration.read(context), context);
  }
}
