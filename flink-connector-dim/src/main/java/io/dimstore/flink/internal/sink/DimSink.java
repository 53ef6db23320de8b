// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink;

import io.dimstore.flink.internal.row.DimMetadata;
import io.dimstore.flink.internal.sink.deadletter.DeadLetters;
import io.dimstore.flink.internal.sink.deadletter.InvalidRows;
import io.dimstore.flink.internal.sink.order.ChangelogOrder;
import io.dimstore.flink.internal.sink.order.RowVersions;
import io.dimstore.flink.internal.sink.order.VersionRule;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.flink.internal.store.SharedStore;
import io.dimstore.flink.internal.store.StoreUnloading;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.SharedBudget;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreWriteTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;

/** The serializable upsert sink. It has no state unless versions are assigned by arrival. */
public class DimSink implements RowSink, SupportsPreWriteTopology<RowData> {

  private static final long serialVersionUID = 3L;

  private final DimTable table;
  private final VersionRule.Source version;
  private final List<DimMetadata> metadata;
  private final ChangelogOrder.@Nullable Plan order;
  private final @Nullable PartialColumns partial;
  private final @Nullable Sink<RowData> deadLetters;

  /**
   * Creates a sink.
   *
   * @param metadata the metadata columns that follow the physical columns
   * @param order how versions are assigned to the changelog, or null if its rows keep their own
   *     versions
   * @param partial the columns that are updated, or null if whole rows are written
   * @param deadLetters the target of invalid rows, or null if invalid rows fail the job
   */
  public DimSink(
      DimTable table,
      VersionRule.Source version,
      List<DimMetadata> metadata,
      ChangelogOrder.@Nullable Plan order,
      @Nullable PartialColumns partial,
      @Nullable Sink<RowData> deadLetters) {
    this.table = table;
    this.version = version;
    this.metadata = List.copyOf(metadata);
    this.order = order;
    this.partial = partial;
    this.deadLetters = deadLetters;
  }

  @Override
  public DataStream<RowData> addPreWriteTopology(DataStream<RowData> input) {
    return order == null ? input : ChangelogOrder.apply(input, table, order);
  }

  @Override
  public StatefulSinkWriter<RowData, ArrivalClock.State> createWriter(WriterInitContext context)
      throws IOException {
    return writer(
        context, version == VersionRule.Source.ARRIVAL ? ArrivalClock.start(clock()) : null);
  }

  final ArrivalClock.Source clock() {
    return ArrivalClock.Source.system(table.sink().maxClockSkew());
  }

  final DimSinkWriter writer(WriterInitContext context, @Nullable ArrivalClock arrival)
      throws IOException {
    StoreUnloading.register(context.getUserCodeClassLoader()::registerReleaseHookIfAbsent);
    SharedStore.Lease lease = SharedStore.lease(table.store(), context.metricGroup());
    try {
      lease.prepare(table, table.createTable());
      lease.takePart(
          table, SharedBudget.Use.WRITE, context.getTaskInfo().getNumberOfParallelSubtasks());
      return new DimSinkWriter(
          table,
          new ChangeReader(table, versions(arrival), metadata),
          new DimSinkWriter.Target(
              writes(lease.store().table(table.layout().spec())), lease.retry(table), lease::close),
          invalidRows(context),
          arrival,
          context.getMailboxExecutor(),
          context.getProcessingTimeService(),
          context.metricGroup());
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private DimSinkWriter.Writes writes(DimensionTable rows) {
    return partial == null ? rows::write : new PartialUpdates(rows, partial, table.describe());
  }

  private VersionRule versions(@Nullable ArrivalClock arrival) {
    if (arrival != null) {
      return (row, key) -> arrival.now();
    }
    int physical = table.layout().names().size();
    RowVersions brought =
        RowVersions.of(table, version, physical + metadata.indexOf(DimMetadata.VERSION));
    return VersionRule.of(order == null ? brought : brought.readAt(physical + metadata.size()));
  }

  private InvalidRows invalidRows(WriterInitContext context) throws IOException {
    return deadLetters == null
        ? new InvalidRows.Fail(table.describeWriting())
        : new DeadLetters(
            table,
            deadLetters.createWriter(context),
            InstantSource.system(),
            context.metricGroup());
  }

  /**
   * The sink with versions assigned by arrival. Its state is what the clock of the next writer
   * needs.
   */
  public static final class OfArrival extends DimSink
      implements SupportsWriterState<RowData, ArrivalClock.State> {

    private static final long serialVersionUID = 1L;

    public OfArrival(
        DimTable table,
        List<DimMetadata> metadata,
        ChangelogOrder.@Nullable Plan order,
        @Nullable Sink<RowData> deadLetters) {
      super(table, VersionRule.Source.ARRIVAL, metadata, order, null, deadLetters);
    }

    @Override
    public StatefulSinkWriter<RowData, ArrivalClock.State> restoreWriter(
        WriterInitContext context, Collection<ArrivalClock.State> recovered) throws IOException {
      return writer(context, ArrivalClock.restore(clock(), recovered));
    }

    @Override
    public SimpleVersionedSerializer<ArrivalClock.State> getWriterStateSerializer() {
      return new ArrivalStateSerializer();
    }
  }
}
