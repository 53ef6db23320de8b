// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.table;

import io.dimstore.flink.DimOptions;
import io.dimstore.flink.internal.row.DimMetadata;
import io.dimstore.flink.internal.row.TableLayout;
import io.dimstore.flink.internal.sink.DimSink;
import io.dimstore.flink.internal.sink.PartialColumns;
import io.dimstore.flink.internal.sink.deadletter.DeadLetterTarget;
import io.dimstore.flink.internal.sink.order.ChangelogOrder;
import io.dimstore.flink.internal.sink.order.VersionRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.connector.sink.abilities.SupportsWritingMetadata;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.types.RowKind;
import org.jspecify.annotations.Nullable;

/**
 * The planner's view of a dimension table as a sink. It accepts an upsert changelog by primary key.
 */
public final class DimTableSink implements DynamicTableSink, SupportsWritingMetadata {

  private final TableDeclaration declaration;
  private final Session session;
  private List<DimMetadata> metadata;
  private boolean insertOnly;

  private DimTableSink(
      TableDeclaration declaration,
      Session session,
      List<DimMetadata> metadata,
      boolean insertOnly) {
    this.declaration = declaration;
    this.session = session;
    this.metadata = metadata;
    this.insertOnly = insertOnly;
  }

  /**
   * The settings of the session, and the target of dead letters.
   *
   * @param materializes whether Flink's own operator orders the rows of a key if they need it
   * @param stateTtl how long Flink keeps the state of an idle key; zero means forever
   * @param columns the names of all columns of the table, computed and metadata columns included
   * @param deadLetters the target of invalid rows, or null if invalid rows fail the job
   */
  private record Session(
      boolean materializes,
      Duration stateTtl,
      List<String> columns,
      @Nullable DeadLetterTarget deadLetters) {}

  public static DimTableSink of(TableDeclaration declaration, DynamicTableFactory.Context context) {
    ReadableConfig config = context.getConfiguration();
    boolean materializes =
        config.get(ExecutionConfigOptions.TABLE_EXEC_SINK_UPSERT_MATERIALIZE)
            != ExecutionConfigOptions.UpsertMaterialize.NONE;
    return new DimTableSink(
        declaration,
        new Session(
            materializes,
            config.get(ExecutionConfigOptions.IDLE_STATE_RETENTION),
            context.getCatalogTable().getResolvedSchema().getColumnNames(),
            deadLetters(declaration, context)),
        List.of(),
        false);
  }

  private static @Nullable DeadLetterTarget deadLetters(
      TableDeclaration declaration, DynamicTableFactory.Context context) {
    Map<String, String> options =
        TableDeclaration.deadLetterOptions(context.getCatalogTable().getOptions());
    boolean wanted =
        declaration.options().get(DimOptions.SINK_INVALID_ROWS)
            == DimOptions.InvalidRowMode.DEAD_LETTER;
    if (wanted != options.containsKey(FactoryUtil.CONNECTOR.key())
        || (!wanted && !options.isEmpty())) {
      throw new ValidationException(
          "Options 'sink.invalid-rows' = 'dead-letter' and '"
              + DimOptions.SINK_DEAD_LETTER_CONNECTOR.key()
              + "' need each other. Remedy: set both, or none of the options that begin with '"
              + DimOptions.DEAD_LETTER_PREFIX
              + "'.");
    }
    return wanted ? DeadLetterTarget.of(context, options) : null;
  }

  /**
   * Returns an upsert changelog mode. If the session keeps Flink from ordering the rows of a key,
   * the mode also requests the row that each update replaces. The sink can then distinguish rows
   * that share a key.
   */
  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requestedMode) {
    // Flink 2.2 first asks with the changes that the query has, and later with all kinds of
    // changes.
    insertOnly |= requestedMode.containsOnly(RowKind.INSERT);
    return !insertOnly && everyRow() ? ChangelogMode.all() : ChangelogMode.upsert();
  }

  private boolean everyRow() {
    return !session.materializes() && ordersChangelog();
  }

  private boolean ordersChangelog() {
    return declaration.options().get(DimOptions.SINK_ORDER) == DimOptions.Order.CHANGELOG;
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    VersionRule.Source version =
        VersionRule.sourceOf(
            declaration.name(), declaration.table(), metadata.contains(DimMetadata.VERSION));
    Sink<RowData> letters =
        session.deadLetters() == null ? null : session.deadLetters().sink(context);
    boolean partial = declaration.options().get(DimOptions.SINK_PARTIAL_UPDATE);
    if (partial && version != VersionRule.Source.COLUMN) {
      throw PartialUpdateCheck.withoutVersionColumn(declaration.name());
    }
    ChangelogOrder.Plan order = changelogOrder(version, context);
    DimSink sink =
        version == VersionRule.Source.ARRIVAL
            ? new DimSink.OfArrival(declaration.table(), metadata, order, letters)
            : new DimSink(
                declaration.table(),
                version,
                metadata,
                order,
                partial ? partialColumns(context) : null,
                letters);
    return SinkV2Provider.of(
        sink, declaration.options().getOptional(FactoryUtil.SINK_PARALLELISM).orElse(null));
  }

  // Flink 1.20 has only this way to learn of the columns; Flink 2 still has it too.
  @SuppressWarnings("deprecation")
  private PartialColumns partialColumns(Context context) {
    return PartialUpdateCheck.columns(
        declaration.name(),
        declaration.table(),
        PartialUpdateCheck.named(session.columns(), context.getTargetColumns()),
        insertOnly);
  }

  /**
   * Returns how versions are assigned to the changelog, or null if its rows keep their own
   * versions.
   */
  private ChangelogOrder.@Nullable Plan changelogOrder(
      VersionRule.Source version, Context context) {
    boolean arrival = version == VersionRule.Source.ARRIVAL;
    if (insertOnly || !ordersChangelog() || (arrival && !everyRow())) {
      return null;
    }
    TableLayout layout = declaration.table().layout();
    List<RowType.RowField> fields = new ArrayList<>();
    for (int i = 0; i < layout.names().size(); i++) {
      fields.add(new RowType.RowField(layout.names().get(i), layout.types().get(i)));
    }
    for (DimMetadata column : metadata) {
      fields.add(new RowType.RowField("$" + column.key(), column.type().getLogicalType()));
    }
    if (!arrival) {
      fields.add(new RowType.RowField("$order", new BigIntType()));
    }
    return new ChangelogOrder.Plan(
        version,
        layout.names().size() + metadata.indexOf(DimMetadata.VERSION),
        everyRow(),
        session.deadLetters() != null,
        session.stateTtl(),
        context.createTypeInformation(new RowType(false, fields)));
  }

  @Override
  public Map<String, DataType> listWritableMetadata() {
    return DimMetadata.all();
  }

  @Override
  public void applyWritableMetadata(List<String> metadataKeys, DataType consumedDataType) {
    metadata = DimMetadata.of(metadataKeys);
  }

  @Override
  public DynamicTableSink copy() {
    return new DimTableSink(declaration, session, metadata, insertOnly);
  }

  @Override
  public String asSummaryString() {
    return "dim " + declaration.table().describe();
  }
}
