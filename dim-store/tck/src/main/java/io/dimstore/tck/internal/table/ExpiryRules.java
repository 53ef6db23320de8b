// SPDX-License-Identifier: Apache-2.0
package io.dimstore.tck.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.tck.internal.fixture.Kit;
import io.dimstore.tck.internal.fixture.Rows;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R8: by the store's clock a row is absent from the millisecond of its expiry on. */
public abstract class ExpiryRules {

  private final Kit kit;
  private final Rows rows;

  public ExpiryRules(Kit kit) {
    this.kit = kit;
    this.rows = kit.rows();
  }

  @Test
  void r8aRowIsPresentBeforeTheMillisecondOfItsExpiryAndAbsentFromThenOn() {
    Put row = Rows.putUntil(rows.key("exact"), "x", 1, now() + 5_000);
    rows.write(row);
    rows.assertHas(row);
    kit.clock().advance(Duration.ofMillis(4_999));
    rows.assertHas(row);
    assertThat(rows.scanOwn(false)).containsExactly(row);
    kit.clock().advance(Duration.ofMillis(1));
    rows.assertAbsent(row.key());
    assertThat(rows.scanOwn(false)).isEmpty();
  }

  @Test
  void r8eExpiriesAreReturnedAsWritten() {
    List<Put> puts =
        List.of(
            Rows.putUntil(rows.key("soon"), "x", 1, now() + 60_001),
            Rows.putUntil(rows.key("later"), "x", 1, now() + 400L * 86_400_000L + 7),
            Rows.putUntil(rows.key("year-9999"), "x", 1, 253_402_300_799_999L),
            Rows.putUntil(rows.key("never"), "x", 1, Put.NEVER));
    rows.write(puts);
    puts.forEach(rows::assertHas);
    assertThat(rows.scanOwn(false)).containsExactlyInAnyOrderElementsOf(puts);
  }

  @Test
  void r8bARowThatArrivesExpiredIsAbsent() {
    Put row = Rows.putUntil(rows.key("dead"), "x", 1, now() - 1_000);
    Put atNow = Rows.putUntil(rows.key("dead-now"), "x", 1, now());
    rows.write(row, atNow);
    rows.assertAbsent(row.key());
    rows.assertAbsent(atNow.key());
  }

  @Test
  void r8bARowThatArrivesExpiredHidesAnOlderRow() {
    Key key = rows.key("dead-hides");
    rows.write(Rows.put(key, "old", 1));
    rows.write(Rows.putUntil(key, "dead", 2, now() - 1_000));
    rows.assertAbsent(key);
    kit.harness().age(rows.spec());
    rows.assertAbsent(key);
    rows.write(Rows.put(key, "late", 1));
    rows.assertAbsent(key);
  }

  @Test
  void r8cExpiredRowHidesOlderRowsAndLateOlderPuts() {
    Key key = rows.key("hides");
    rows.write(Rows.put(key, "old", 1));
    rows.write(Rows.putUntil(key, "short", 5, now() + 1_000));
    kit.clock().advance(Duration.ofSeconds(2));
    rows.assertAbsent(key);
    rows.write(Rows.put(key, "late", 4));
    rows.assertAbsent(key);
    kit.harness().age(rows.spec());
    rows.assertAbsent(key);
    rows.write(Rows.put(key, "late", 3));
    rows.assertAbsent(key);
  }

  @Test
  void r8cExpiredRowIsRememberedUntilTheLastMillisecondOfItsRetention() {
    Key key = rows.key("edge");
    long version = now();
    rows.write(Rows.put(key, "old", version));
    rows.write(Rows.putUntil(key, "short", version + 5, now() + 1_000));
    kit.clock().advance(Duration.ofDays(7).plusMillis(999));
    rows.write(Rows.put(key, "late", version + 4));
    rows.assertAbsent(key);
  }

  @Test
  void r8dNoOlderRowIsVisibleAroundTheEndOfAnExpiredRow() {
    Key key = rows.key("uncovered");
    long version = now();
    rows.write(Rows.put(key, "old", version));
    rows.write(Rows.putUntil(key, "short", version + 5, now() + 1_000));
    kit.clock().advance(Duration.ofDays(7).plusMillis(999));
    for (int i = 0; i < 3; i++) {
      rows.assertAbsent(key);
      assertThat(rows.scanOwn(false)).extracting(Change::key).doesNotContain(key);
      kit.clock().advance(Duration.ofMillis(1));
    }
  }

  @Test
  void r8cANewerPutAfterTheExpiryIsVisible() {
    Key key = rows.key("renewed");
    rows.write(Rows.putUntil(key, "short", 5, now() + 1_000));
    kit.clock().advance(Duration.ofSeconds(2));
    rows.write(Rows.put(key, "renewed", 6));
    rows.assertHas(Rows.put(key, "renewed", 6));
  }

  @Test
  void r8cAnExpiredRowCountsAsATombstoneInAScan() {
    Put row = Rows.putUntil(rows.key("tombstone"), "x", 5, now() + 1_000);
    rows.write(row);
    assertThat(rows.scanOwn(true)).containsExactly(row);
    kit.clock().advance(Duration.ofSeconds(1));
    Change tombstone = new Delete(row.key(), 5);
    assertThat(rows.scanOwn(true)).isEqualTo(List.of(tombstone));
    assertThat(rows.scanOwn(false)).isEmpty();
  }

  @Test
  void r8dNoOlderRowIsVisibleAfterTheEndOfAnExpiredRow() {
    Key key = rows.key("ended");
    rows.write(Rows.put(key, "old", 1));
    rows.write(Rows.putUntil(key, "short", 5, now() + 1_000));
    kit.clock().advance(Duration.ofDays(7).plusSeconds(2));
    rows.assertAbsent(key);
    kit.harness().age(rows.spec());
    rows.assertAbsent(key);
    assertThat(rows.scanOwn(false)).isEmpty();
  }

  @Test
  void r8eEachKeyOfABatchHasItsOwnExpiry() {
    Put first = Rows.putUntil(rows.key("first"), "x", 1, now() + 1_000);
    Put second = Rows.putUntil(rows.key("second"), "y", 1, now() + 3_000);
    rows.write(first, second);
    kit.clock().advance(Duration.ofSeconds(2));
    assertThat(rows.getAll(List.of(first.key(), second.key()))).containsExactly(null, second);
  }

  private long now() {
    return kit.clock().millis();
  }
}
