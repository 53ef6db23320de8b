// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.TableSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DimensionTest {

  @Test
  void tableIsWhatTheFileDeclares() {
    assertThat(Dimension.USER.table())
        .isEqualTo(
            new TableSpec(
                "dim_user",
                List.of(
                    new Column("user_id", DataType.STRING),
                    new Column("country", DataType.STRING),
                    new Column("level", DataType.Simple.INT)),
                List.of("user_id")));
    assertThat(Dimension.ITEM.storedAs("articles", Map.of("a", "b")))
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

  /** The columns that {@link Dimension} finds by patterns equal those that Flink's parser finds. */
  @Test
  void plannerReadsTheSameTable() {
    for (Dimension dimension : Dimension.ALL) {
      String sql =
          new SqlTemplate()
              .options(
                  dimension.defaultTable() + ".options",
                  Map.of("connector", "dim", "store", "memory", "table", dimension.defaultTable()))
              .renderFile(DimensionTest.class.getClassLoader(), dimension.file());
      assertThat(DeclaredTables.read(sql))
          .containsExactly(new StoreTable("memory", Map.of(), dimension.table()));
    }
  }

  @Test
  void plannerReadsTheSameDefaultsConstraintsAndComments() {
    String columns =
        """
        id STRING NOT NULL COMMENT 'the key, it''s text', -- not a column
        seen TIMESTAMP, /* nor, this */ seen_at TIMESTAMP_LTZ NULL,
        price DECIMAL(12, 2) NOT NULL, at_3 TIMESTAMP(3), count_ DECIMAL""";
    List<StoreTable> planned =
        DeclaredTables.read(
            "CREATE TABLE t ("
                + columns
                + ", PRIMARY KEY (id) NOT ENFORCED)"
                + " WITH ('connector' = 'dim', 'store' = 'memory', 'table' = 't')");
    assertThat(planned)
        .containsExactly(
            new StoreTable(
                "memory", Map.of(), new TableSpec("t", SqlColumns.parse(columns), List.of("id"))));
  }

  @Test
  void nestedTypesAreRefused() {
    assertThatThrownBy(() -> SqlColumns.parse("a ROW<b INT>"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
