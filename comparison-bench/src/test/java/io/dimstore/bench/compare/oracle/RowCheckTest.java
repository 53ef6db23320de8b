// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowCheckTest {

  private static final String A = "{\"event_id\":\"a\",\"score\":1}";
  private static final String B = "{\"event_id\":\"b\",\"score\":2}";

  private final RowCheck check =
      new RowCheck.Factory(
              new Expected(rows(), rows(), Map.of(), Map.of(), 0, 0, 0, /* tooLate= */ 1))
          .create();

  private static Map<String, byte[]> rows() {
    return Map.of("a", bytes(A), "b", bytes(B));
  }

  @Test
  void equalRowsInAnyOrderAreRight() {
    arrive(B, A);
    assertThat(check.done()).isEqualTo(2);
    check.deadLetter();
    assertThat(check.done()).isEqualTo(3);
    assertThat(check.mismatches()).isZero();
    assertThat(check.first()).isNull();
  }

  @Test
  void aMissingRowAndAMissingDeadLetterCount() {
    arrive(A);
    check.risk(bytes(B));
    assertThat(check.done()).isEqualTo(1);
    assertThat(check.mismatches()).isEqualTo(2);
  }

  @Test
  void aDifferentByteCountsAndIsShown() {
    check.deadLetter();
    arrive(A);
    check.risk(bytes(B));
    check.marketing(bytes(B.replace('2', '3')));
    assertThat(check.done()).isEqualTo(3);
    assertThat(check.mismatches()).isEqualTo(1);
    assertThat(check.first()).contains("marketing", "\"score\":3", B);
  }

  @Test
  void aRepeatedRowCountsAndIsNotTakenForAnotherEvent() {
    check.deadLetter();
    arrive(A, A);
    assertThat(check.done()).isEqualTo(2);
    arrive(B);
    assertThat(check.mismatches()).isEqualTo(2);
  }

  @Test
  void aRowOfNoEventAndARowThatIsNotJsonCount() {
    check.deadLetter();
    arrive(A, B);
    check.risk(bytes("{\"event_id\":\"c\"}"));
    check.risk(bytes("nonsense"));
    assertThat(check.mismatches()).isEqualTo(2);
  }

  private void arrive(String... rows) {
    for (String row : rows) {
      check.risk(bytes(row));
      check.marketing(bytes(row));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
