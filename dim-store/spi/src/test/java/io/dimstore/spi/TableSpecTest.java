// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableSpecTest {

  private static final Column A = new Column("a", DataType.STRING);
  private static final Column B = new Column("b", DataType.Simple.INT);
  private static final Column C = new Column("c", DataType.STRING);
  private static final Column LIST = new Column("list", new DataType.Array(DataType.STRING));

  @Test
  void keyColumnsAreInKeyOrderAndValueColumnsInTableOrder() {
    TableSpec spec = new TableSpec("t", List.of(LIST, A, B, C), List.of("c", "a"));
    assertThat(spec.key()).containsExactly(C, A);
    assertThat(spec.values()).containsExactly(LIST, B);
    assertThat(spec.all()).isEqualTo(Projection.of(0, 1));
    assertThat(spec.project("b", "list")).isEqualTo(Projection.of(1, 0));
    assertThat(spec.project()).isEqualTo(Projection.of());
  }

  @Test
  void invalidTableIsRefusedWithTheReason() {
    assertRefused("", List.of(A), List.of("a"), "name");
    assertRefused("t", List.of(A, A), List.of("a"), "column a twice");
    assertRefused("t", List.of(A), List.of(), "needs a key");
    assertRefused("t", List.of(A), List.of("a", "a"), "distinct");
    assertRefused("t", List.of(A), List.of("z"), "no column for its key z");
    assertRefused("t", List.of(A, LIST), List.of("list"), "ARRAY<STRING>");
    TableSpec spec = new TableSpec("t", List.of(A, B), List.of("a"));
    assertThatThrownBy(() -> spec.project("a")).hasMessageContaining("no value column a");
  }

  @Test
  void projectionsNameEachColumnOnce() {
    assertThatThrownBy(() -> Projection.of(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Projection.all(2).isAll(2)).isTrue();
    assertThat(Projection.all(2).isAll(3)).isFalse();
    assertThat(Projection.of(1, 0).isAll(2)).isFalse();
    assertThat(Row.of("x", "y", "z").project(Projection.of(2, 0))).isEqualTo(Row.of("z", "x"));
    assertThat(Row.of("x").project(Projection.of())).isEqualTo(Row.of());
  }

  @Test
  void nearestNameDiffersByAtMostAThirdOfItsLength() {
    List<String> names = List.of("deadline", "max-pending", "endpoint");
    assertThat(NearestName.of("dedline", names)).isEqualTo("deadline");
    assertThat(NearestName.of("max_pendng", names)).isEqualTo("max-pending");
    assertThat(NearestName.of("something-else", names)).isNull();
    assertThat(NearestName.of("", List.of())).isNull();
    assertThat(NearestName.of("hbase", List.of("h2", "hbase-redis"))).isEqualTo("hbase-redis");
  }

  private static void assertRefused(
      String name, List<Column> columns, List<String> key, String part) {
    assertThatThrownBy(() -> new TableSpec(name, columns, key))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID))
        .hasMessageContaining(part);
  }
}
