// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeclarationTest {

  private static final Column ID = new Column("id", DataType.Simple.BIGINT);
  private static final Column ODD = new Column("odd ;:,=%name", new DataType.Decimal(10, 2));
  private static final Column NAME = new Column("name", new DataType.Text());

  private static TableSpec spec(List<Column> key, Column... values) {
    List<Column> columns = new ArrayList<>(key);
    columns.addAll(List.of(values));
    return new TableSpec("t", columns, key.stream().map(Column::name).toList());
  }

  @Test
  void theTextFormHasEveryColumnWhateverItsName() {
    Declaration declared = Declaration.of(spec(List.of(ID), ODD, NAME));
    Declaration parsed = Declaration.parse(declared.text());
    assertThat(parsed).isEqualTo(declared);
    assertThat(parsed.position("name")).isEqualTo(1);
    assertThat(parsed.position("other")).isEqualTo(-1);
    assertThat(Declaration.parse(Declaration.of(spec(List.of(ID))).text()).values()).isEmpty();
  }

  @Test
  void aSpecWithAnotherKeyDoesNotFit() {
    Declaration declared = Declaration.of(spec(List.of(ID, NAME), ODD));
    for (List<Column> key : List.of(List.of(ID), List.of(NAME, ID))) {
      assertThatThrownBy(() -> declared.requireFits("x", spec(key, ODD)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("its key is");
    }
  }

  @Test
  void aReaderMayLeaveOutColumnsAndAWriterMayNot() {
    Declaration declared = Declaration.of(spec(List.of(ID), ODD, NAME));
    declared.requireFits("x", spec(List.of(ID), NAME));
    declared.requireWritable("x", spec(List.of(ID), NAME, ODD));
    assertThatThrownBy(() -> declared.requireWritable("x", spec(List.of(ID), NAME)))
        .hasMessageContaining("a write needs all its columns");
    assertThatThrownBy(
            () -> declared.requireFits("x", spec(List.of(ID), new Column("name", ODD.type()))))
        .hasMessageContaining("it has no column");
  }
}
