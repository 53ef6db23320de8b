// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.flink.FaultyStoreFactory;
import io.dimstore.flink.Sql;
import io.dimstore.spi.Key;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests async lookup joins of a changelog that keep the order of each key, which Flink 2.2 offers.
 * Without them, a changelog keeps the order of all its rows, so that one slow lookup holds all
 * others up.
 */
@Timeout(120)
class KeyOrderedLookupTest {

  @RegisterExtension static final MiniClusterExtension CLUSTER = Sql.cluster();

  @AfterEach
  void heal() {
    FaultyStoreFactory.reads = FaultyStoreFactory.Reads.AS_STORED;
  }

  @Test
  void slowLookupHoldsUpTheChangesOfItsOwnKeyAlone() throws Exception {
    CompletableFuture<Void> released = new CompletableFuture<>();
    FaultyStoreFactory.reads =
        (keys, stored) ->
            keys.contains(Key.of("slow"))
                ? released.thenCompose(any -> stored.get())
                : stored.get();
    try (Sql sql = Sql.streaming(1)) {
      sql.env.getConfig().set("table.exec.async-lookup.key-ordered-enabled", "true");
      sql.env.getConfig().set("table.exec.async-lookup.output-mode", "ALLOW_UNORDERED");
      sql.table(
              "users",
              "id STRING, name STRING, PRIMARY KEY (id) NOT ENFORCED",
              "store",
              "faulty",
              "version",
              "arrival",
              "lookup.batch-size",
              "1")
          .run("INSERT INTO users VALUES ('slow', 'S'), ('fast', 'F')");
      sql.env.createTemporaryView(
          "orders",
          sql.env.fromChangelogStream(
              sql.streams.fromData(
                  Types.ROW_NAMED(new String[] {"order_id", "user_id"}, Types.STRING, Types.STRING),
                  Row.ofKind(RowKind.INSERT, "a", "slow"),
                  Row.ofKind(RowKind.UPDATE_AFTER, "a", "fast"),
                  Row.ofKind(RowKind.INSERT, "z", "fast")),
              Schema.newBuilder()
                  .column("order_id", "STRING NOT NULL")
                  .column("user_id", "STRING")
                  .columnByExpression("t", "PROCTIME()")
                  .primaryKey("order_id")
                  .build(),
              ChangelogMode.upsert()));
      String join =
          "SELECT o.order_id, u.name FROM orders AS o"
              + " JOIN users FOR SYSTEM_TIME AS OF o.t AS u ON o.user_id = u.id";

      try (CloseableIterator<Row> rows = sql.env.executeSql(join).collect()) {
        assertThat(rows.next()).hasToString("+I[z, F]");
        released.complete(null);
        assertThat(rows)
            .toIterable()
            .map(Row::toString)
            .startsWith("+I[a, S]")
            .endsWith("+U[a, F]");
      }
    }
  }
}
