package io.dimstore.hbaseredis;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

/** Creates tables and says what an existing one lacks. Thread-safe. */
final class TableAdmin {

  private final HBaseClient client;
  private final Meter meter;
  private final TableName marks;

  TableAdmin(HBaseClient client, Meter meter, TableName marks) {
    this.client = client;
    this.meter = meter;
    this.marks = marks;
  }

  /**
   * Creates the tables that are missing. An existing table is left as it is, but refused where its
   * settings would lose acknowledged writes.
   *
   * @param deadline after which nothing is sent any more
   */
  CompletableFuture<Void> createIfAbsent(Layout layout, Deadline deadline) {
    List<byte[]> families = new ArrayList<>(List.of(layout.dataFamilies()));
    families.add(layout.stateFamily());
    return create(marks, List.of(Marks.FAMILY), deadline)
        .thenCompose(done -> create(layout.table(), families, deadline))
        .thenCompose(done -> checkSettings(layout));
  }

  /**
   * Fails NO_TABLE or INVALID with the command of the HBase shell that helps. HBase describes a
   * table to those alone who may create or administer it; who may only read and write finds out by
   * reading.
   */
  CompletableFuture<Void> validate(Layout layout) {
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
    return read.thenCompose(done -> read(marks, Marks.FAMILY, "the family 'm' of marks"));
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
   * Fails INVALID where the settings of the tables would lose acknowledged writes. A user who may
   * not read the settings is told nothing.
   */
  CompletableFuture<Void> checkSettings(Layout layout) {
    return descriptor(layout.table())
        .thenAccept(table -> TableRules.checkSettings(layout, table))
        .thenCompose(done -> descriptor(marks))
        .thenAccept(TableRules::checkMarks)
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
              return descriptor(marks);
            })
        .thenAccept(TableRules::checkMarks);
  }

  /** Whether HBase has a table, enabled or not. */
  CompletableFuture<Boolean> exists(TableName name) {
    return call(admin -> admin.tableExists(name));
  }

  /** Answers when the region server of the catalog does. */
  CompletableFuture<Void> ping() {
    return call(admin -> admin.tableExists(marks)).thenAccept(exists -> {});
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
                              + "; create it in the HBase shell or let the store do it",
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

  /** Fails once the deadline is over: the caller has its answer, and nothing goes on behind it. */
  private static CompletableFuture<Void> within(Deadline deadline, TableName name) {
    return deadline.isOver()
        ? CompletableFuture.failedFuture(
            new StoreException(
                Kind.TIMEOUT,
                "HBase table "
                    + name
                    + " was not available within 'deadline'; is it disabled or being created?"))
        : CompletableFuture.completedFuture(null);
  }

  private static CompletableFuture<Void> unlessThere(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TableExistsException) {
        return CompletableFuture.completedFuture(null);
      }
    }
    return CompletableFuture.failedFuture(failure);
  }

  /** Waits for a table that another process is creating: it exists before it can be used. */
  private CompletableFuture<Void> available(TableName name, Deadline deadline) {
    return within(deadline, name)
        .thenCompose(left -> call(admin -> admin.isTableAvailable(name)))
        .thenCompose(
            ready ->
                ready
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.supplyAsync(
                            () -> available(name, deadline),
                            CompletableFuture.delayedExecutor(
                                50, TimeUnit.MILLISECONDS, Runnable::run))
                        .thenCompose(next -> next));
  }

  private <T extends @Nullable Object> CompletableFuture<T> call(
      Function<AsyncAdmin, CompletableFuture<T>> request) {
    return client
        .admin()
        .thenCompose(
            admin -> meter.hbase(Operation.ADMIN, 0, done -> 0, () -> request.apply(admin)));
  }
}
