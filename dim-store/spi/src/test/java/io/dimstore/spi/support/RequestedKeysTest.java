// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dimstore.spi.Column;
import io.dimstore.spi.DataType;
import io.dimstore.spi.Key;
import io.dimstore.spi.Put;
import io.dimstore.spi.Row;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.TableSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestedKeysTest {

  private static final ChangeValidator VALIDATOR =
      new ChangeValidator(
          new TableSpec(
              "t",
              List.of(new Column("id", DataType.STRING), new Column("n", DataType.Simple.INT)),
              List.of("id")));

  private static RequestedKeys keys(Object... ids) {
    return new RequestedKeys(List.of(ids).stream().map(Key::of).toList(), VALIDATOR);
  }

  private static Put row(String id) {
    return new Put(Key.of(id), Row.of(1), 1);
  }

  @Test
  void answerIsInTheOrderOfTheRequestWhateverTheOrderOfTheRows() {
    RequestedKeys keys = keys("b", "a", "c");
    keys.add(row("a"));
    keys.add(row("b"));
    assertThat(keys.answer()).containsExactly(row("b"), row("a"), null);
  }

  @Test
  void keyThatIsRequestedTwiceIsReadOnceAndAnsweredTwice() {
    RequestedKeys keys = keys("a", "b", "a");
    assertThat(keys.distinct()).containsExactly(Key.of("a"), Key.of("b"));
    keys.add(row("a"));
    assertThat(keys.answer()).containsExactly(row("a"), null, row("a"));
  }

  @Test
  void keyThatTheTableCannotHoldIsNotReadAndAbsent() {
    RequestedKeys keys = keys(7, "a");
    assertThat(keys.distinct()).containsExactly(Key.of("a"));
    keys.add(row("a"));
    assertThat(keys.answer()).containsExactly(null, row("a"));
  }

  @Test
  void noKeysHaveAnEmptyAnswer() {
    assertThat(keys().answer()).isEmpty();
  }

  @Test
  void unreadableRowsFailTheAnswerWithAllOfTheirKeys() {
    RequestedKeys keys = keys("a", "b", "c");
    keys.add(row("b"));
    keys.addUnreadable(corrupt("a"));
    keys.addUnreadable(corrupt("c"));
    StoreException failure = catchThrowableOfType(StoreException.class, keys::answer);
    assertThat(failure.kind()).isEqualTo(StoreException.Kind.CORRUPT);
    assertThat(failure.keys()).containsExactly(Key.of("a"), Key.of("c"));
    assertThat(failure).hasMessage("no row: c");
  }

  private static StoreException corrupt(String id) {
    return new StoreException(
        StoreException.Kind.CORRUPT, "no row: " + id, List.of(Key.of(id)), null);
  }
}
