// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R6: a put replaces the whole row. */
public abstract class ReplaceRules {

  private final Kit kit;
  private final Rows rows;

  public ReplaceRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r6aANullHidesAnOlderValue() {
    Key key = rows.key("null");
    rows.write(new Put(key, Row.of("a", 1L, "b"), 1));
    Put sparse = new Put(key, Row.of(null, 2L, null), 2);
    rows.write(sparse);
    rows.assertHas(sparse);
    kit.harness().age(rows.spec());
    rows.assertHas(sparse);
  }

  @Test
  void r6bARowOfNullsIsPresent() {
    Put empty = new Put(rows.key("nulls"), Row.of(null, null, null), 1);
    rows.write(empty);
    rows.assertHas(empty);
    assertThat(rows.scanOwn(false)).containsExactly(empty);
  }

  @Test
  void r6bARowOfNullsReplacesValues() {
    Key key = rows.key("values-nulls");
    rows.write(new Put(key, Row.of("a", 1L, "b"), 1));
    Put empty = new Put(key, Row.of(null, null, null), 2);
    rows.write(empty);
    rows.assertHas(empty);
  }

  @Test
  void r6bANullColumnIsNullAndNotAbsentWhenReadAlone() {
    Key key = rows.key("projected");
    rows.write(new Put(key, Row.of("old", 1L, "b"), 1), Rows.put(rows.key("other"), "x", 1));
    rows.write(new Put(key, Row.of(null, 2L, "b"), 2));
    List<Put> found = kit.answers().await(rows.table().get(List.of(key), rows.spec().project("a")));
    assertThat(found).containsExactly(new Put(key, Row.of((Object) null), 2));
  }

  @Test
  void r6aAPutAfterADeleteBringsBackNoneOfTheOldValues() {
    Key key = rows.key("reborn");
    rows.write(new Put(key, Row.of("a", 1L, "b"), 1));
    rows.delete(key, 2);
    Put reborn = new Put(key, Row.of(null, null, "new"), 3);
    rows.write(reborn);
    rows.assertHas(reborn);
  }

  @Test
  void r6aAPutOfEqualVersionReplacesTheWholeRowToo() {
    Key key = rows.key("equal");
    rows.write(new Put(key, Row.of("a", 1L, "b"), 5));
    Put sparse = new Put(key, Row.of(null, null, "c"), 5);
    rows.write(sparse);
    rows.assertHas(sparse);
  }

  @Test
  void r6cTheExpiryIsReplacedWithTheRow() {
    Key key = rows.key("expiry");
    long soon = kit.clock().millis() + 1_000;
    rows.write(Rows.putUntil(key, "short", 1, soon));
    rows.assertHas(Rows.putUntil(key, "short", 1, soon));
    rows.write(Rows.put(key, "long", 2));
    kit.clock().advance(java.time.Duration.ofSeconds(2));
    rows.assertHas(Rows.put(key, "long", 2));
  }
}
