// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import io.dimstore.jobs.FailureText;
import io.dimstore.jobs.run.Restarts;
import io.dimstore.jobs.run.RunEnvironment;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.StorePing;
import io.dimstore.jobs.sql.StoreTable;
import io.dimstore.migration.backfill.Backfill;
import io.dimstore.migration.backfill.BackfillListener;
import io.dimstore.migration.backfill.BackfillResult;
import io.dimstore.migration.backfill.BackfillRun;
import io.dimstore.migration.backfill.BackfillSettings;
import io.dimstore.migration.phase.MigrationException;
import io.dimstore.migration.store.Side;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.SharedRecords;
import java.io.Serializable;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A backfill as a Flink batch job: each subtask is one of the processes that share the ledger. The
 * progress is in the ledger alone, so a subtask that Flink starts again, or a job that is submitted
 * again, goes on where the copy is.
 */
final class BackfillJob {

  private BackfillJob() {}

  /**
   * A table in a store, without the columns: the classes that describe them cannot be serialized.
   *
   * @param store the store's id
   * @param storeOptions the options of store scope; some may be secret
   * @param table the table's name in the store
   * @param tableOptions the options of table scope
   */
  record ShippedTable(
      String store,
      Map<String, String> storeOptions,
      String table,
      Map<String, String> tableOptions)
      implements Serializable {

    static ShippedTable of(StoreTable table) {
      return new ShippedTable(
          table.store(), table.storeOptions(), table.spec().name(), table.spec().options());
    }

    StoreTable table(Dimension dimension) {
      return new StoreTable(store, storeOptions, dimension.storedAs(table, tableOptions));
    }

    /** Omits the options, since some are secret. */
    @Override
    public String toString() {
      return "table '" + table + "' of store '" + store + "'";
    }
  }

  /**
   * What a subtask needs to know. The plan must be in the ledger.
   *
   * @param dimension the columns of the table
   * @param from the table to read
   * @param to the table to write
   * @param settings those of one subtask
   * @param mirroring see {@link BackfillRun}
   * @param by names the person who has submitted the job, for the log of the migration
   */
  record Work(
      Dimension dimension,
      ShippedTable from,
      ShippedTable to,
      BackfillSettings settings,
      long mirroring,
      String by)
      implements Serializable {

    static Work of(
        MigrationTables.Pair tables, BackfillSettings settings, long mirroring, String by) {
      return new Work(
          tables.dimension(),
          ShippedTable.of(tables.from()),
          ShippedTable.of(tables.to()),
          settings,
          mirroring,
          by);
    }

    /** Copies, or waits for the others, until every split is done. */
    BackfillResult run() throws InterruptedException {
      return with(
          (source, target, records) ->
              backfill(source, target, records, settings).run(false, mirroring));
    }

    /** Returns the result of a backfill whose splits are all done, and copies nothing. */
    BackfillResult result() throws InterruptedException {
      return with(
          (source, target, records) ->
              backfill(source, target, records, settings.withoutImpact()).run(false, mirroring));
    }

    /** Records the end in the migration of the table, if it has one. */
    void record() throws InterruptedException {
      BackfillResult result = result();
      MigrationTables.Pair pair =
          new MigrationTables.Pair(
              dimension,
              from.table(dimension),
              to.table(dimension),
              StorePing.none(),
              StorePing.none());
      try (DimensionStore target = pair.to().open()) {
        Optional<PlannedMigration> migration = PlannedMigration.of(target, pair, by);
        if (migration.isPresent()) {
          BackfillCommand.recordEnd(
              migration.get(), BackfillCommand.side(pair.to(), target), target, settings, result);
        }
      }
    }

    private interface Use {
      BackfillResult of(Side source, Side target, SharedRecords records)
          throws InterruptedException;
    }

    private BackfillResult with(Use use) throws InterruptedException {
      StoreTable readFrom = from.table(dimension);
      StoreTable writtenTo = to.table(dimension);
      try (DimensionStore source = readFrom.open();
          DimensionStore target = writtenTo.open()) {
        return use.of(
            BackfillCommand.side(readFrom, source),
            BackfillCommand.side(writtenTo, target),
            target.capability(SharedRecords.class).orElseThrow());
      }
    }

    private static Backfill backfill(
        Side source, Side target, SharedRecords records, BackfillSettings settings) {
      return new Backfill(source, target, records, settings, BackfillListener.NONE);
    }
  }

  /**
   * Submits the job; its parallelism is the number of processes in the settings.
   *
   * @throws MigrationException if Flink does not accept the job
   */
  static JobClient submit(URI cluster, Work work) {
    StreamExecutionEnvironment env = RunEnvironment.of(cluster, null);
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    Restarts.limit(env, true);
    int subtasks = work.settings().processes();
    env.fromSequence(1, subtasks)
        .setParallelism(1)
        .rebalance()
        .map(new Copy(work))
        .name("copy " + work.from().table())
        .setParallelism(subtasks)
        .map(new RecordEnd(work))
        .name("record the end")
        .setParallelism(1)
        .sinkTo(new DiscardingSink<>())
        .setParallelism(1);
    try {
      return env.executeAsync("backfill " + work.from().table());
    } catch (Exception e) {
      throw new MigrationException("Flink did not accept the job: " + FailureText.inOneLine(e), e);
    }
  }

  /** Copies until all splits are done; emits the number of entries that this subtask copied. */
  private static final class Copy implements MapFunction<Long, Long> {

    private static final long serialVersionUID = 1;

    private final Work work;

    Copy(Work work) {
      this.work = work;
    }

    @Override
    public Long map(Long share) throws InterruptedException {
      return work.run().entriesByThisProcess();
    }
  }

  /** Records the end once. In a batch job, its input begins when every subtask has ended. */
  private static final class RecordEnd implements MapFunction<Long, Long> {

    private static final long serialVersionUID = 1;

    private final Work work;
    private boolean recorded;

    RecordEnd(Work work) {
      this.work = work;
    }

    @Override
    public Long map(Long entries) throws InterruptedException {
      if (!recorded) {
        work.record();
        recorded = true;
      }
      return entries;
    }
  }
}
