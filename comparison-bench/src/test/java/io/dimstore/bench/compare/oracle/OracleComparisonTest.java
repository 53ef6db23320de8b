// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OracleComparisonTest {

  @Test
  void equalRowsAreRightWhateverTheOrderOfTheirArrival() {
    FeatureRows one = rows("a", "{\"event_id\":\"a\"}", "b", "{\"event_id\":\"b\"}");
    FeatureRows other = rows("b", "{\"event_id\":\"b\"}", "a", "{\"event_id\":\"a\"}");
    Expected expected = expected("a", "{\"event_id\":\"a\"}", "b", "{\"event_id\":\"b\"}");

    OracleComparison first = OracleComparison.of(one, one, expected);
    OracleComparison second = OracleComparison.of(other, other, expected);

    assertThat(first.mismatches()).isZero();
    assertThat(second.sha256()).isEqualTo(first.sha256());
  }

  @Test
  void rowThatDiffersInOneByteIsReported() {
    FeatureRows rows = rows("a", "{\"event_id\":\"a\",\"n\":1}");
    Expected expected = expected("a", "{\"event_id\":\"a\",\"n\":2}");

    OracleComparison comparison = OracleComparison.of(rows, rows, expected);

    assertThat(comparison.mismatches()).isEqualTo(2);
    assertThat(comparison.first().get(0)).contains("risk row of event a").contains("\"n\":2");
  }

  @Test
  void missingAndUnexpectedRowsAreReported() {
    FeatureRows rows = rows("a", "{\"event_id\":\"a\"}");
    Expected expected = expected("b", "{\"event_id\":\"b\"}");

    OracleComparison comparison = OracleComparison.of(rows, rows, expected);

    assertThat(comparison.mismatches()).isEqualTo(4);
    assertThat(comparison.first().get(0)).contains("event a should not be there");
    assertThat(comparison.first().get(1)).contains("event b is missing");
  }

  @Test
  void aSecondRowOfAnEventIsCountedAndTheKnownFlagsAreSummed() {
    FeatureRows rows = new FeatureRows(2);
    byte[] row = bytes("{\"event_id\":\"a\",\"user_known\":true,\"item_known\":false}");
    rows.add(row, 5);
    rows.add(row, 6);

    assertThat(rows.duplicates()).isEqualTo(1);
    assertThat(rows.known()).isEqualTo(1);
    assertThat(rows.size()).isEqualTo(1);
  }

  private static FeatureRows rows(String... idsAndRows) {
    FeatureRows rows = new FeatureRows(idsAndRows.length);
    for (int i = 0; i < idsAndRows.length; i += 2) {
      rows.add(bytes(idsAndRows[i + 1]), i);
    }
    return rows;
  }

  private static Expected expected(String... idsAndRows) {
    Map<String, byte[]> rows = new HashMap<>();
    for (int i = 0; i < idsAndRows.length; i += 2) {
      rows.put(idsAndRows[i], bytes(idsAndRows[i + 1]));
    }
    return new Expected(rows, rows, Map.of(), Map.of(), 0, 0, 0, 0);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
