// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.hbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointConfigTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "dimstore.store", "dynamodb",
          "dimstore.table.ns:users.v2.columns", "id STRING, level INT",
          "dimstore.table.ns:users.v2.key", "id");

  @Test
  void tablesAreDeclaredByTheirHBaseNames() {
    EndpointConfig config =
        EndpointConfig.parse(
            with(
                Map.of(
                    "dimstore.store.region", "eu-west-1",
                    "dimstore.table.ns:users.v2.target", "users",
                    "dimstore.table.ns:users.v2.target.change-feed", "true",
                    "dimstore.table.ns:users.v2.source.column.level", "g:lv",
                    "hbase.other", "ignored")));
    assertThat(config.storeOptions()).containsExactly(Map.entry("region", "eu-west-1"));
    EndpointConfig.ReplicatedTable table = config.tables().get(0);
    assertThat(table.source().name()).isEqualTo("ns:users.v2");
    assertThat(table.source().options()).containsExactly(Map.entry("column.level", "g:lv"));
    assertThat(table.target().name()).isEqualTo("users");
    assertThat(table.target().options()).containsExactly(Map.entry("change-feed", "true"));
    assertThat(table.target().keyColumns()).containsExactly("id");
  }

  @Test
  void aTableWhoseNameBeginsWithAnothersKeepsItsOwnSettings() {
    EndpointConfig config =
        EndpointConfig.parse(
            Map.of(
                "dimstore.store", "dynamodb",
                "dimstore.table.a.columns", "id STRING",
                "dimstore.table.a.key", "id",
                "dimstore.table.a.source.b.columns", "k STRING, v INT",
                "dimstore.table.a.source.b.key", "k"));
    assertThat(config.tables())
        .extracting(table -> table.source().name() + table.source().keyColumns())
        .containsExactlyInAnyOrder("a[id]", "a.source.b[k]");
  }

  @Test
  void wrongSettingsAreRefusedByName() {
    assertThatThrownBy(() -> EndpointConfig.parse(with(Map.of("dimstore.thread", "2"))))
        .hasMessageContaining("did you mean 'threads'");
    assertThatThrownBy(
            () -> EndpointConfig.parse(with(Map.of("dimstore.table.ns:users.v2.keys", "id"))))
        .hasMessageContaining("did you mean 'key'");
    assertThatThrownBy(() -> EndpointConfig.parse(with(Map.of("dimstore.table.other.key", "id"))))
        .hasMessageContaining("dimstore.table.other.key");
    assertThatThrownBy(() -> EndpointConfig.parse(Map.of("dimstore.store", "dynamodb")))
        .hasMessageContaining("declares no table");
    assertThatThrownBy(
            () ->
                EndpointConfig.parse(
                    Map.of("dimstore.table.t.columns", "id STRING", "dimstore.table.t.key", "id")))
        .hasMessageContaining("'store'");
  }

  private static Map<String, String> with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(LEAST);
    all.putAll(more);
    return all;
  }
}
