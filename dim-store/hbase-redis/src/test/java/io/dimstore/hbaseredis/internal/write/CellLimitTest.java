// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.hbaseredis.fixture.Retries;
import io.dimstore.hbaseredis.fixture.Users;
import io.dimstore.hbaseredis.internal.common.Meter;
import io.dimstore.hbaseredis.internal.encoding.ChangeEncoder;
import io.dimstore.hbaseredis.internal.encoding.EncodedChange;
import io.dimstore.hbaseredis.internal.encoding.EntryCodec;
import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.hbase.WriteIntents;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.TableSpec;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.hbase.TableName;
import org.junit.jupiter.api.Test;

class CellLimitTest {

  private static final TableSpec SPEC = Users.spec("users");
  private static final Layout LAYOUT = new Layout(SPEC);
  private static final WriteIntents INTENTS =
      new WriteIntents(
          null,
          new Meter(StoreMetrics.NONE),
          Retries.TIMER,
          TableName.valueOf("intents"),
          Duration.ofSeconds(1));

  private static List<EncodedChange> encoded(Change... changes) {
    return new ChangeEncoder(SPEC, LAYOUT, new EntryCodec(LAYOUT)).prepare(List.of(changes), 1);
  }

  private static void check(int limit, Change... changes) {
    new CellLimit(limit).check(encoded(changes), LAYOUT, INTENTS);
  }

  private static StoreException refusal(int limit, Change... changes) {
    return catchThrowableOfType(StoreException.class, () -> check(limit, changes));
  }

  @Test
  void everyRowWithALargerCellIsNamed() {
    StoreException refused =
        refusal(
            500,
            Users.user("a", "NL", 1, 1),
            Users.user("b", "x".repeat(500), 1, 1),
            new Delete(Key.of("c"), 1),
            Users.user("d", "x".repeat(900), 1, 1));
    assertThat(refused.kind()).isEqualTo(Kind.INVALID);
    assertThat(refused.keys()).containsExactly(Key.of("b"), Key.of("d"));
    assertThat(refused)
        .hasMessageContaining("key [b] has a cell of 5")
        .hasMessageContaining("'hbase.client.keyvalue.maxsize' allows 500");
  }

  @Test
  void cellOfExactlyTheLimitIsAllowed() {
    Change row = Users.user("b", "x".repeat(500), 1, 1);
    int size = (int) encoded(row).get(0).largestCellBytes();
    assertThatCode(() -> check(size, row)).doesNotThrowAnyException();
    assertThat(refusal(size - 1, row)).isNotNull();
  }

  /** The cell of the write intent contains the key and the declaration of the table. */
  @Test
  void keyThatFitsIntoTheRowButNotIntoItsWriteIntentIsRefused() {
    Change row = Users.user("k".repeat(2_000), "NL", 1, 1);
    int ofRow = (int) encoded(row).get(0).largestCellBytes();
    int ofIntent =
        (int) INTENTS.largestCellBytes(LAYOUT.declaration(), encoded(row).get(0).rowKey());
    assertThat(ofIntent).isGreaterThan(ofRow);
    assertThat(refusal(ofIntent - 1, row).keys()).containsExactly(row.key());
    assertThatCode(() -> check(ofIntent, row)).doesNotThrowAnyException();
  }

  @Test
  void limitOfZeroAllowsEveryCell() {
    assertThatCode(() -> check(0, Users.user("b", "x".repeat(500), 1, 1)))
        .doesNotThrowAnyException();
  }
}
