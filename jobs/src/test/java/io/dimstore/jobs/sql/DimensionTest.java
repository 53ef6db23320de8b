// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.junit.jupiter.api.Test;

class DimensionTest {

  @Test
  void tableIsWhatTheFileDeclares() {
    assertThat(Dimensions.builtIn("user").table())
        .isEqualTo(
            new TableSpec(
                "dim_user",
                List.of(
                    new Column("user_id", DataType.STRING),
                    new Column("country", DataType.STRING),
                    new Column("level", DataType.Simple.INT)),
                List.of("user_id")));
    assertThat(Dimensions.builtIn("item").storedAs("articles", Map.of("a", "b")))
        .isEqualTo(
            new TableSpec(
                "articles",
                List.of(
                    new Column("item_id", DataType.STRING),
                    new Column("title", DataType.STRING),
                    new Column("category", DataType.STRING),
                    new Column("list_price", DataType.Simple.BIGINT)),
                List.of("item_id"),
                Map.of("a", "b")));
  }

  @Test
  void nameAndTopicFollowFromTheTable() {
    assertThat(Dimensions.builtIn()).extracting(Dimension::name).containsExactly("user", "item");
    assertThat(Dimensions.builtIn())
        .extracting(Dimension::defaultTopic)
        .containsExactly("dim-user-changes", "dim-item-changes");
    RowType columns = RowType.of(new LogicalType[] {new BigIntType()}, new String[] {"id"});
    Dimension shop = new Dimension("shop_floor", columns, List.of("id"), Map.of());
    assertThat(shop.name()).isEqualTo("shop_floor");
    assertThat(shop.defaultTopic()).isEqualTo("dim-shop-floor-changes");
  }

  @Test
  void storedTableHasTheStoresOptionsOfBothScopes() {
    Map<String, String> declared =
        Map.of("memory.change-feed", "true", "memory.instance", "x", "sink.batch-size", "7");
    StoreTable table =
        StoreTable.of(
            "memory",
            Map.of("memory.instance", "y"),
            Dimensions.builtIn("user").storedAs("people", declared));
    assertThat(table.storeOptions()).containsExactly(Map.entry("instance", "x"));
    assertThat(table.spec().options()).containsExactly(Map.entry("change-feed", "true"));
  }
}
