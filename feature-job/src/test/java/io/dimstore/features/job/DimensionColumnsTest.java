// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.features.oracle.OracleItem;
import io.dimstore.features.oracle.OracleUser;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.jobs.sql.SqlScript;
import io.dimstore.jobs.sql.SqlTemplate;
import io.dimstore.spi.Column;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;

/**
 * Checks that all other declarations of the dimensions' columns equal the SQL files that declare
 * them.
 */
class DimensionColumnsTest {

  @Test
  void stockConnectorDeclaresTheSameColumns() {
    TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    String sql =
        new SqlTemplate()
            .options("dim_user.options", Map.of("connector", "datagen"))
            .options("dim_item.options", Map.of("connector", "datagen"))
            .renderFile(SqlFiles.CLASS_PATH, new SqlFiles("stock-hbase").dimensions()[0]);
    SqlScript.statements(sql).forEach(tables::executeSql);
    for (Dimension dimension : Dimensions.builtIn()) {
      assertThat(
              tables.from(dimension.defaultTable()).getResolvedSchema().getColumns().stream()
                  .map(c -> c.getName() + " " + c.getDataType().nullable())
                  .toList())
          .isEqualTo(
              dimension.table().columns().stream().map(c -> c.name() + " " + c.type()).toList());
    }
  }

  @Test
  void oracleHasTheSameColumns() {
    assertThat(components(OracleUser.class)).isEqualTo(values(Dimensions.builtIn("user")));
    assertThat(components(OracleItem.class)).isEqualTo(values(Dimensions.builtIn("item")));
  }

  private static List<String> components(Class<? extends Record> row) {
    return Arrays.stream(row.getRecordComponents())
        .map(c -> c.getName() + " " + c.getType().getSimpleName())
        .toList();
  }

  private static List<String> values(Dimension dimension) {
    return dimension.values().stream().map(DimensionColumnsTest::inJava).toList();
  }

  private static String inJava(Column column) {
    StringBuilder name = new StringBuilder();
    for (String word : column.name().split("_")) {
      name.append(name.isEmpty() ? word.charAt(0) : Character.toUpperCase(word.charAt(0)))
          .append(word.substring(1));
    }
    String type =
        switch (column.type().toString().toUpperCase(Locale.ROOT)) {
          case "STRING" -> "String";
          case "INT" -> "Integer";
          case "BIGINT" -> "Long";
          default -> throw new IllegalStateException(column.toString());
        };
    return name + " " + type;
  }
}
