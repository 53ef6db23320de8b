// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.table;

import io.dimstore.hbaseredis.internal.common.Failures;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.HBaseClient;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.support.Backoff;
import io.dimstore.spi.support.Deadline;
import io.dimstore.spi.support.RetryTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.hadoop.hbase.TableExistsException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptorBuilder;
import org.apache.hadoop.hbase.client.Get;
import org.apache.hadoop.hbase.client.TableDescriptor;
import org.apache.hadoop.hbase.client.TableDescriptorBuilder;
import org.apache.hadoop.hbase.regionserver.NoSuchColumnFamilyException;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/** Creates and validates HBase tables. Thread-safe. */
public final class TableAdmin {

  private static final Backoff PAUSE = new Backoff(Duration.ofMillis(100), Duration.ofMillis(100));

  private final HBaseClient client;
  private final Meter meter;
  private final RetryTimer retries;
  private final TableName intentsTable;

  public TableAdmin(HBaseClient client, Meter meter, RetryTimer retries, TableName intentsTable) {
    this.client = client;
    this.meter = meter;
    this.retries = retries;
    this.intentsTable = intentsTable;
  }

  /**
   * Creates the tables that are missing. Existing tables are not changed. Fails INVALID if the
   * settings of an existing table would lose acknowledged writes.
   *
   * @param deadline no request is sent after it; the result then fails TIMEOUT
   */
  public CompletableFuture<Void> createIfAbsent(Layout layout, Deadline deadline) {
    List<byte[]> families = new ArrayList<>(List.of(layout.dataFamilies()));
    families.add(layout.stateFamily());
    return create(intentsTable, List.of(WriteIntents.FAMILY), deadline)
        .thenCompose(done -> create(layout.table(), families, deadline))
        .thenCompose(done -> checkSettings(layout));
  }

  /** Creates the table of shared records unless it exists. */
  CompletableFuture<Void> createControl(TableName name, byte[] family, Deadline deadline) {
    return create(name, List.of(family), deadline);
  }

  /**
   * Validates a table. Fails NO_TABLE if it does not exist. Fails INVALID, with the HBase shell
   * command that corrects the table, if it lacks a family or has settings that would lose writes.
   * HBase describes a table only to users who may create or administer it. For other users this
   * method reads from each family instead, and does not check the settings.
   */
  public CompletableFuture<Void> validate(Layout layout) {
    return described(layout)
        .exceptionallyCompose(
            failure -> {
              StoreException known = Failures.of("HBase", failure);
              return known.kind() == Kind.DENIED
                  ? read(layout)
                  : CompletableFuture.failedFuture(known);
            });
  }

  private CompletableFuture<Void> read(Layout layout) {
    CompletableFuture<Void> read =
        read(layout.table(), layout.stateFamily(), "the family that says which rows are deleted");
    for (byte[] family : layout.dataFamilies()) {
      String what = "family '" + Bytes.toString(family) + "'";
      read = read.thenCompose(done -> read(layout.table(), family, what));
    }
    return read.thenCompose(
        done -> read(intentsTable, WriteIntents.FAMILY, "the family 'i' of write intents"));
  }

  private CompletableFuture<Void> read(TableName name, byte[] family, String what) {
    Get get = new Get(new byte[] {0}).addFamily(family).setCheckExistenceOnly(true);
    return client
        .table(name)
        .thenCompose(table -> meter.hbase(Operation.GET, 1, done -> 0, () -> table.get(get)))
        .handle(
            (found, failure) -> {
              for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof NoSuchColumnFamilyException) {
                  throw TableRules.lacks(name, what, Bytes.toString(family));
                }
              }
              if (failure != null) {
                throw Failures.of("HBase", failure);
              }
              return null;
            });
  }

  /**
   * Fails INVALID if the settings of the tables would lose acknowledged writes. Succeeds for a user
   * who may not read the settings.
   */
  CompletableFuture<Void> checkSettings(Layout layout) {
    return descriptor(layout.table())
        .thenAccept(table -> TableRules.checkSettings(layout, table))
        .thenCompose(done -> descriptor(intentsTable))
        .thenAccept(TableRules::checkIntents)
        .exceptionallyCompose(
            failure -> {
              StoreException known = Failures.of("HBase", failure);
              return known.kind() == Kind.DENIED
                  ? CompletableFuture.completedFuture(null)
                  : CompletableFuture.failedFuture(known);
            });
  }

  private CompletableFuture<Void> described(Layout layout) {
    return descriptor(layout.table())
        .thenCompose(
            table -> {
              TableRules.check(layout, table);
              return descriptor(intentsTable);
            })
        .thenAccept(TableRules::checkIntents);
  }

  /** Whether HBase has a table, enabled or not. */
  public CompletableFuture<Boolean> exists(TableName name) {
    return call(admin -> admin.tableExists(name));
  }

  /** Completes when the region server that holds the catalog has answered. */
  public CompletableFuture<Void> ping() {
    return call(admin -> admin.tableExists(intentsTable)).thenAccept(exists -> {});
  }

  private CompletableFuture<TableDescriptor> descriptor(TableName name) {
    return call(admin -> admin.getDescriptor(name))
        .exceptionallyCompose(
            failure -> {
              StoreException known = Failures.of("HBase", failure);
              return CompletableFuture.failedFuture(
                  known.kind() == Kind.NO_TABLE
                      ? new StoreException(
                          Kind.NO_TABLE,
                          "HBase has no table "
                              + name
                              + "; create it in the HBase shell or let the store create it",
                          known)
                      : known);
            });
  }

  private CompletableFuture<Void> create(TableName name, List<byte[]> families, Deadline deadline) {
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(name);
    for (byte[] family : families) {
      table.setColumnFamily(ColumnFamilyDescriptorBuilder.of(family));
    }
    return within(deadline, name)
        .thenCompose(left -> call(admin -> admin.tableExists(name)))
        .thenCompose(
            exists ->
                exists
                    ? CompletableFuture.completedFuture(null)
                    : within(deadline, name)
                        .thenCompose(left -> call(admin -> admin.createTable(table.build())))
                        .exceptionallyCompose(TableAdmin::unlessThere))
        .thenCompose(made -> available(name, deadline));
  }

  /**
   * Fails TIMEOUT after the deadline: the caller has its answer by then, and no request may follow
   * it.
   */
  private static CompletableFuture<Void> within(Deadline deadline, TableName name) {
    return deadline.isOver()
        ? CompletableFuture.failedFuture(unavailable(name))
        : CompletableFuture.completedFuture(null);
  }

  private static StoreException unavailable(TableName name) {
    return new StoreException(
        Kind.TIMEOUT,
        "HBase table "
            + name
            + " was not available within 'deadline'; is it disabled or being created?");
  }

  private static CompletableFuture<Void> unlessThere(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TableExistsException) {
        return CompletableFuture.completedFuture(null);
      }
    }
    return CompletableFuture.failedFuture(failure);
  }

  /**
   * Waits until a table is available. A table that another process is creating exists before it can
   * be used.
   */
  private CompletableFuture<Void> available(TableName name, Deadline deadline) {
    return within(deadline, name)
        .thenCompose(
            left ->
                retries.until(() -> call(admin -> admin.isTableAvailable(name)), PAUSE, deadline))
        .thenAccept(
            ready -> {
              if (!ready) {
                throw unavailable(name);
              }
            });
  }

  private <T extends @Nullable Object> CompletableFuture<T> call(
      Function<AsyncAdmin, CompletableFuture<T>> request) {
    return client
        .admin()
        .thenCompose(
            admin -> meter.hbase(Operation.ADMIN, 0, done -> 0, () -> request.apply(admin)));
  }
}
