package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hadoop.hbase.HConstants;
import org.apache.hadoop.hbase.TableExistsException;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.AsyncAdmin;
import org.apache.hadoop.hbase.client.ColumnFamilyDescriptor;
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

  CompletableFuture<Void> createIfAbsent(Layout layout) {
    List<byte[]> families = new ArrayList<>(List.of(layout.dataFamilies()));
    families.add(layout.stateFamily());
    return create(marks, List.of(Marks.FAMILY))
        .thenCompose(done -> create(layout.table(), families));
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
                  throw lacks(name, what, alter(name, Bytes.toString(family)));
                }
              }
              if (failure != null) {
                throw Failures.of("HBase", failure);
              }
              return null;
            });
  }

  private CompletableFuture<Void> described(Layout layout) {
    return descriptor(layout.table())
        .thenCompose(
            table -> {
              check(layout, table);
              return descriptor(marks);
            })
        .thenAccept(
            table -> {
              if (!table.hasColumnFamily(Marks.FAMILY)) {
                throw lacks(marks, "the family 'm' of marks", alter(marks, "m"));
              }
            });
  }

  /** Answers when the region server of the catalog does. */
  CompletableFuture<Void> ping() {
    return call(admin -> admin.tableExists(marks)).thenAccept(exists -> {});
  }

  private void check(Layout layout, TableDescriptor table) {
    ColumnFamilyDescriptor state = table.getColumnFamily(layout.stateFamily());
    if (state == null) {
      throw lacks(
          layout.table(),
          "the family that says which rows are deleted",
          alter(layout.table(), Bytes.toString(layout.stateFamily())));
    }
    if (state.getTimeToLive() != HConstants.FOREVER) {
      throw lacks(
          layout.table(),
          "a state family without a time to live, which would forget deletes",
          "alter '"
              + layout.table()
              + "', {NAME => '"
              + state.getNameAsString()
              + "', TTL => 'FOREVER'}");
    }
    for (byte[] family : layout.dataFamilies()) {
      if (!table.hasColumnFamily(family)) {
        String name = Bytes.toString(family);
        throw lacks(layout.table(), "family '" + name + "'", alter(layout.table(), name));
      }
    }
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

  private CompletableFuture<Void> create(TableName name, List<byte[]> families) {
    TableDescriptorBuilder table = TableDescriptorBuilder.newBuilder(name);
    for (byte[] family : families) {
      table.setColumnFamily(ColumnFamilyDescriptorBuilder.of(family));
    }
    return call(admin -> admin.tableExists(name))
        .thenCompose(
            exists ->
                exists
                    ? CompletableFuture.completedFuture(null)
                    : call(admin -> admin.createTable(table.build()))
                        .exceptionallyCompose(TableAdmin::unlessThere))
        .thenCompose(made -> available(name));
  }

  private static CompletableFuture<Void> unlessThere(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof TableExistsException) {
        return CompletableFuture.completedFuture(null);
      }
    }
    return CompletableFuture.failedFuture(failure);
  }

  /** A table that another process is creating is there before it can be used. */
  private CompletableFuture<Void> available(TableName name) {
    return call(admin -> admin.isTableAvailable(name))
        .thenCompose(
            ready ->
                ready
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.supplyAsync(
                            () -> available(name),
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

  private static String alter(TableName table, String family) {
    return "alter '" + table + "', {NAME => '" + family + "'}";
  }

  private static StoreException lacks(TableName table, String what, String remedy) {
    return StoreException.invalid(
        "HBase table " + table + " lacks " + what + ". In the HBase shell: " + remedy);
  }
}
