// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Put;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.apache.hadoop.hbase.TableName;
import org.apache.hadoop.hbase.client.Connection;
import org.apache.hadoop.hbase.client.Delete;
import org.apache.hadoop.hbase.client.Mutation;
import org.apache.hadoop.hbase.client.Table;
import org.apache.hadoop.hbase.util.Bytes;

/** Writes a table as a program that does not know dimstore: with HBase's own client. */
final class PlainWriter implements Runnable {

  static final String NAME = "plain";

  static final byte[] F = Bytes.toBytes("f");
  static final byte[] A = Bytes.toBytes("a");
  static final byte[] B = Bytes.toBytes("b");

  private final Connection connection;
  private final TableName table;
  private final Path folder;
  private final OpLog log;
  private final Model own = new Model();
  private final Random random;

  PlainWriter(Connection connection, String table, Path folder) {
    this.connection = connection;
    this.table = TableName.valueOf(table);
    this.folder = folder;
    Path file = folder.resolve(NAME + ".log");
    new OpLog.Tail(folder.resolve(Filler.NAME + ".log")).readInto(own);
    new OpLog.Tail(file).readInto(own);
    this.log = new OpLog(file);
    this.random = new Random(own.acknowledged());
  }

  @Override
  public void run() {
    try {
      while (!Setup.hasEnded(folder)) {
        if (isStopped()) {
          // Again for each check: after the last plain write, this process stays stopped.
          Signal.set(folder.resolve(NAME + ".stopped"), "");
          Thread.sleep(50);
          continue;
        }
        write(next());
        Thread.sleep(800 + random.nextInt(800));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopped() {
    return Signal.isSet(folder.resolve("stop")) || Signal.isSet(folder.resolve("stop-plain"));
  }

  private Op next() {
    // A cached copy of a mixed row is stale for a while after a plain write, and verify reports it.
    boolean mixed = random.nextInt(3) == 0 && !Signal.isSet(folder.resolve("verifying"));
    String key = Keys.any(mixed ? Keys.MIXED : Keys.PLAIN, random);
    long version = Keys.version(own.newest(key), true);
    return switch (random.nextInt(9)) {
      case 0 -> new Op(key, version, Op.How.ROW, Put.NEVER);
      case 1 -> new Op(key, version, mixed ? Op.How.ROW : Op.How.FAMILY, Put.NEVER);
      case 2 -> new Op(key, version, mixed ? Op.How.ROW : Op.How.COLUMNS, Put.NEVER);
      // Where a newer cell ends by its time to live, HBase shows an older one again. Only a row
      // that has no older cells ends with it.
      case 3 ->
          mixed
              ? new Op(key, version, Op.How.PLAIN_PUT, Put.NEVER)
              : new Op("t" + version, version, Op.How.PLAIN_PUT, version + 2_001);
      case 4 -> new Op(key, version, Op.How.PLAIN_PUT, mixed ? Put.NEVER : version + 3_600_001);
      default -> new Op(key, version, Op.How.PLAIN_PUT, Put.NEVER);
    };
  }

  private void write(Op op) throws InterruptedException {
    log.append(op.begun(System.currentTimeMillis()));
    own.begun(op, System.currentTimeMillis());
    while (true) {
      try (Table to = connection.getTable(table)) {
        apply(to, op);
        log.append(op.acknowledged(System.currentTimeMillis()));
        return;
      } catch (IOException e) {
        if (random.nextInt(3) == 0) {
          return; // nobody sends it again
        }
        Thread.sleep(100);
      }
    }
  }

  static void apply(Table table, Op op) throws IOException {
    Mutation mutation = mutation(op);
    if (mutation instanceof Delete delete) {
      table.delete(delete);
    } else {
      table.put((org.apache.hadoop.hbase.client.Put) mutation);
    }
  }

  private static Mutation mutation(Op op) {
    byte[] row = Bytes.toBytes(op.key());
    long at = op.version();
    return switch (op.how()) {
      case ROW -> new Delete(row, at);
      case FAMILY -> new Delete(row).addFamily(F, at);
      case COLUMNS -> new Delete(row).addColumns(F, A, at).addColumns(F, B, at);
      case PLAIN_PUT -> {
        org.apache.hadoop.hbase.client.Put put =
            new org.apache.hadoop.hbase.client.Put(row, at)
                .addColumn(F, A, Bytes.toBytes((String) Op.row(op.key(), at).get(0)))
                .addColumn(F, B, Bytes.toBytes(at));
        // HBase shows a cell up to and including the last millisecond of its time to live.
        yield op.expiresAt() == Put.NEVER ? put : put.setTTL(op.expiresAt() - at - 1);
      }
      case PUT, DELETE -> throw new IllegalArgumentException(op.toString());
    };
  }
}
