// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimstore.events.record.ItemChange;
import io.dimstore.events.record.JsonEncoder;
import io.dimstore.events.record.StreamRecord;
import io.dimstore.events.record.UserChange;
import io.dimstore.jobs.sql.Dimension;
import io.dimstore.jobs.sql.Dimensions;
import io.dimstore.spi.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The event stream's messages of changes carry the columns that the SQL of the jobs declares. */
class ChangeMessagesTest {

  @Test
  void upsertCarriesEveryColumnOfItsDimension() throws IOException {
    assertThat(fields(UserChange.upsert("7", "DE", 3, 1, 1)))
        .isEqualTo(upsert(Dimensions.builtIn("user")));
    assertThat(fields(ItemChange.upsert("i", "t", "c", 5L, 1, 1)))
        .isEqualTo(upsert(Dimensions.builtIn("item")));
  }

  @Test
  void deleteCarriesTheKeyAlone() throws IOException {
    assertThat(fields(UserChange.delete("7", 1, 1)))
        .containsExactly("op STRING", "user_id STRING", "version BIGINT");
    assertThat(fields(ItemChange.delete("i", 1, 1)))
        .containsExactly("op STRING", "item_id STRING", "version BIGINT");
  }

  private static List<String> upsert(Dimension dimension) {
    List<String> fields = new ArrayList<>();
    fields.add("op STRING");
    for (Column column : dimension.table().columns()) {
      fields.add(
          column.name() + (column.type().toString().equals("STRING") ? " STRING" : " BIGINT"));
    }
    fields.add("version BIGINT");
    return fields;
  }

  /** The fields in their order; a JSON number is a BIGINT. */
  private static List<String> fields(StreamRecord change) throws IOException {
    JsonNode json = new ObjectMapper().readTree(new JsonEncoder().value(change));
    List<String> fields = new ArrayList<>();
    json.fields()
        .forEachRemaining(
            field ->
                fields.add(
                    field.getKey() + (field.getValue().isTextual() ? " STRING" : " BIGINT")));
    return fields;
  }
}
