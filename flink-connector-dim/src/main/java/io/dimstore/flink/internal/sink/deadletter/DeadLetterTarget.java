// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.deadletter;

import io.dimstore.flink.DeadLetterRow;
import io.dimstore.flink.DimOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.java.typeutils.RowTypeInfo;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/**
 * The target of a sink's dead letters: a table of any connector that provides a Sink V2, such as
 * Kafka's. The target is declared by options of the dimension table, so this connector does not
 * depend on the client of a messaging system.
 */
public final class DeadLetterTarget {

  private final DynamicTableSink sink;

  private DeadLetterTarget(DynamicTableSink sink) {
    this.sink = sink;
  }

  /**
   * Creates the sink of the connector that the options name.
   *
   * @param options without their prefix
   * @throws ValidationException naming the option and the remedy
   */
  public static DeadLetterTarget of(
      DynamicTableFactory.Context context, Map<String, String> options) {
    DeadLetterGuarantee.check(context.getClassLoader(), options);
    ObjectIdentifier of = context.getObjectIdentifier();
    ResolvedSchema schema = ResolvedSchema.of(columns());
    ResolvedCatalogTable table =
        new ResolvedCatalogTable(
            CatalogTable.newBuilder()
                .schema(Schema.newBuilder().fromResolvedSchema(schema).build())
                .options(options)
                .build(),
            schema);
    DynamicTableSink sink;
    try {
      sink =
          FactoryUtil.createDynamicTableSink(
              null,
              ObjectIdentifier.of(
                  of.getCatalogName(), of.getDatabaseName(), of.getObjectName() + "_dead_letters"),
              table,
              Map.of(),
              context.getConfiguration(),
              context.getClassLoader(),
              true);
    } catch (ValidationException e) {
      throw new ValidationException(
          "The options that begin with '"
              + DimOptions.DEAD_LETTER_PREFIX
              + "' declare no table for dead letters. Remedy: give the options of a table of"
              + " connector '"
              + options.get(FactoryUtil.CONNECTOR.key())
              + "', each with that prefix.",
          e);
    }
    return new DeadLetterTarget(sink);
  }

  /** Returns the serializable sink. */
  public Sink<RowData> sink(DynamicTableSink.Context context) {
    DynamicTableSink copy = sink.copy();
    if (copy.getChangelogMode(ChangelogMode.insertOnly())
            .containsOnly(org.apache.flink.types.RowKind.INSERT)
        && copy.getSinkRuntimeProvider(context) instanceof SinkV2Provider provider) {
      return provider.createSink();
    }
    throw new ValidationException(
        "Option '"
            + DimOptions.SINK_DEAD_LETTER_CONNECTOR.key()
            + "': "
            + copy.asSummaryString()
            + " cannot write dead letters, because it has no Sink V2 that accepts inserted rows."
            + " Remedy: name a connector such as 'kafka'.");
  }

  private static List<Column> columns() {
    RowTypeInfo type = (RowTypeInfo) DeadLetterRow.TYPE;
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < type.getArity(); i++) {
      columns.add(Column.physical(type.getFieldNames()[i], sqlType(type.getTypeAt(i))));
    }
    return columns;
  }

  private static DataType sqlType(TypeInformation<?> type) {
    return type.equals(Types.INT)
        ? DataTypes.INT()
        : type.equals(Types.LONG)
            ? DataTypes.BIGINT()
            : type.equals(Types.INSTANT) ? DataTypes.TIMESTAMP_LTZ(3) : DataTypes.STRING();
  }
}
