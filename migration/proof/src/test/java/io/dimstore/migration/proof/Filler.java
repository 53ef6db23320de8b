// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Put;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hbase.client.Table;

/** Writes the rows that a table has before its migration. */
final class Filler {

  static final String NAME = "before";

  private static final int KINDS = 10;

  private Filler() {}

  /** Returns whether a cold key was written by dimstore. */
  static boolean isOfDimstore(String coldKey) {
    return kind(coldKey) < 5;
  }

  private static int kind(String key) {
    return Integer.parseInt(key.substring(1)) % KINDS;
  }

  /** Returns old changes of deleted rows, which arrive again later. */
  static List<Op> late(Path folder) {
    Model model = new Model();
    new OpLog.Tail(folder.resolve(NAME + ".log")).readInto(model);
    return Keys.COLD.stream()
        .filter(key -> kind(key) == 0)
        .map(key -> new Op(key, model.newest(key) - 4, Op.How.PUT, Put.NEVER))
        .toList();
  }

  static void fill(DimensionTable table, Table plain, Path folder) throws IOException {
    OpLog log = new OpLog(folder.resolve(NAME + ".log"));
    List<Op> first = new ArrayList<>();
    List<Op> second = new ArrayList<>();
    long version = Keys.version(0, false) - 1_000;
    for (String key : Keys.COLD) {
      int kind = kind(key);
      long soon = version + 3_600_000;
      if (kind < 5) {
        first.add(new Op(key, version, Op.How.PUT, kind == 1 ? soon : Put.NEVER));
      } else {
        first.add(new Op(key, version + 2, Op.How.PLAIN_PUT, kind == 5 ? soon + 1 : Put.NEVER));
      }
      if (kind == 0) {
        second.add(new Op(key, version + 4, Op.How.DELETE, Put.NEVER));
      } else if (kind == 6) {
        second.add(new Op(key, version + 6, Op.How.ROW, Put.NEVER));
      }
    }
    for (String key : Keys.both(Keys.both(Keys.DIMSTORE, Keys.RARE), Keys.MIXED)) {
      first.add(new Op(key, version, Op.How.PUT, Put.NEVER));
    }
    for (String key : Keys.PLAIN) {
      first.add(new Op(key, version + 2, Op.How.PLAIN_PUT, Put.NEVER));
    }
    write(table, plain, log, first);
    write(table, plain, log, second);
  }

  private static void write(DimensionTable table, Table plain, OpLog log, List<Op> ops)
      throws IOException {
    List<Change> changes = new ArrayList<>();
    for (Op op : ops) {
      log.append(op.begun(System.currentTimeMillis()));
      if (op.how() == Op.How.PUT || op.how() == Op.How.DELETE) {
        changes.add(op.change());
      } else {
        PlainWriter.apply(plain, op);
      }
    }
    if (!changes.isEmpty()) {
      table.write(changes).toCompletableFuture().join();
    }
    ops.forEach(op -> log.append(op.acknowledged(System.currentTimeMillis())));
  }
}
