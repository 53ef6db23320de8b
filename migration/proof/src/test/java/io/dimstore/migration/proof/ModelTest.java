// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.migration.proof.Op.How;
import io.dimstore.spi.Delete;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import org.junit.jupiter.api.Test;

/** What the model calls wrong, and what it does not. */
class ModelTest {

  private static final long ALL = Long.MAX_VALUE - 1;

  private final Model model = new Model();

  private Op begun(long version, How how, long expiresAt) {
    Op op = new Op("k", version, how, expiresAt);
    model.add(op.begun(version));
    return op;
  }

  private Op done(long version, How how) {
    Op op = begun(version, how, Put.NEVER);
    model.add(op.acknowledged(version));
    return op;
  }

  private static Put put(long version) {
    return new Put(Key.of("k"), Op.row("k", version), version);
  }

  private String problem(Put shown) {
    return model.problem("k", shown, ALL, 1_000, 1_001);
  }

  @Test
  void newestAcknowledgedPutIsExpected() {
    done(10, How.PUT);
    done(20, How.PLAIN_PUT);
    assertThat(problem(put(20))).isNull();
    assertThat(problem(put(10))).startsWith("STALE");
    assertThat(problem(null)).startsWith("LOST");
    assertThat(problem(put(15))).startsWith("INVENTED");
  }

  @Test
  void changeThatWasNotAcknowledgedMayApplyOrNot() {
    assertThat(problem(null)).isNull();
    begun(5, How.PUT, Put.NEVER);
    assertThat(problem(null)).isNull();
    assertThat(problem(put(5))).isNull();
    done(10, How.PUT);
    begun(20, How.DELETE, Put.NEVER);
    begun(30, How.PUT, Put.NEVER);
    assertThat(problem(put(10))).isNull();
    assertThat(problem(null)).isNull();
    assertThat(problem(put(30))).isNull();
    assertThat(problem(put(5))).startsWith("STALE");
  }

  @Test
  void deletedRowStaysDeleted() {
    done(10, How.PUT);
    done(20, How.ROW);
    assertThat(problem(null)).isNull();
    assertThat(problem(put(10))).startsWith("RESURRECTED");
    done(30, How.DELETE);
    assertThat(model.forgotten("k", new Delete(Key.of("k"), 30))).isNull();
    assertThat(model.forgotten("k", null)).startsWith("FORGOTTEN");
    assertThat(model.forgotten("k", new Delete(Key.of("k"), 21))).startsWith("FORGOTTEN");
  }

  @Test
  void changesAfterTheBoundMayBeMissing() {
    done(10, How.PUT);
    done(20, How.PUT);
    done(30, How.PUT);
    assertThat(model.problem("k", put(20), 25, 40, 41)).isNull();
    assertThat(model.problem("k", put(10), 25, 40, 41)).startsWith("STALE");
  }

  @Test
  void contentVersionAndExpiryBelongTogether() {
    Op op = begun(10, How.PUT, 1_000);
    model.add(op.acknowledged(10));
    Put right = new Put(Key.of("k"), Op.row("k", 10), 10, 1_000);
    assertThat(model.problem("k", right, ALL, 998, 999)).isNull();
    assertThat(model.problem("k", null, ALL, 998, 999)).startsWith("LOST");
    assertThat(model.problem("k", null, ALL, 998, 1_000)).isNull();
    assertThat(problem(right)).startsWith("EXPIRED");
    assertThat(problem(put(10))).startsWith("EXPIRY");
    assertThat(problem(new Put(Key.of("k"), Op.row("k", 10), 11, 1_000))).startsWith("VERSION");
    assertThat(problem(new Put(Key.of("k"), Row.of("other", 10L), 10, 1_000))).startsWith("MIXED");
  }

  @Test
  void onlyTheNewestChangeIsOwed() {
    Op first = begun(10, How.PUT, Put.NEVER);
    assertThat(model.unanswered("k")).isEqualTo(first);
    done(20, How.PUT);
    assertThat(model.unanswered("k")).isNull();
  }
}
