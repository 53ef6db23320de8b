// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class SplitTokenTest {

  @Test
  void aTokenHasItsDocumentedForm() {
    SplitToken token =
        new SplitToken("t-1", 1, 4, true, new int[] {2, 0}, new byte[] {1}, null, null);
    assertThat(token.toSplit().token()).isEqualTo("dynamodb/2/t-1/1/4/t/2.0/01/-/-");
  }

  @Test
  void everyPartIsParsed() {
    Map<String, AttributeValue> start = new LinkedHashMap<>();
    start.put("k/, .é", AttributeValue.fromS("v/,.\n€"));
    start.put("n", AttributeValue.fromN("-1.5"));
    start.put("b", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1})));
    SplitToken token =
        new SplitToken("t-1", 0, 1, false, new int[0], new byte[0], new byte[] {-1}, start);
    ScanSplit split = token.toSplit();
    assertThat(split.token()).doesNotContain("\n");
    SplitToken back = SplitToken.of(split, "t-1");
    assertThat(back.start()).isEqualTo(start);
    assertThat(back.columns()).isEmpty();
    assertThat(back.from()).isEmpty();
    assertThat(back.to()).containsExactly(-1);
    assertThat(back.tombstones()).isFalse();
    assertThat(back.toSplit()).isEqualTo(split);
  }

  @Test
  void aSplitThatIsReadByAQueryHasNoSegments() {
    SplitToken token =
        new SplitToken("t-1", 0, 0, false, new int[0], new byte[] {1}, new byte[] {2}, null);
    assertThat(token.toSplit().token()).isEqualTo("dynamodb/2/t-1/0/0/-/-/01/02/-");
    assertThat(SplitToken.of(token.toSplit(), "t-1").segments()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "memory/1/0/1/-/-/-/-/-",
        "dynamodb/3/t-1/0/1/-/-/-/-/-",
        "dynamodb/1/t-1/0/1/-/-/-/-/-",
        "dynamodb/2/t-1/0/1/-/-/-/-",
        "dynamodb/2/t-1/1/1/-/-/-/-/-",
        "dynamodb/2/t-1/-1/1/-/-/-/-/-",
        "dynamodb/2/t-1/1/0/-/-/-/-/-",
        "dynamodb/2/t-1/0/-1/-/-/-/-/-",
        "dynamodb/2/t-1/x/1/-/-/-/-/-",
        "dynamodb/2/t-1/0/1/-/a/-/-/-",
        "dynamodb/2/t-1/0/1/-/-/0*/-/-",
        "dynamodb/2/t-1/0/1/-/-/-/-/aa",
        "dynamodb/2/t-1/0/1/-/-/-/-/aa.X.aa"
      })
  void aTokenOfAnotherFormatIsRefused(String token) {
    assertThatThrownBy(() -> SplitToken.of(new ScanSplit(token), "t-1"))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.INVALID));
  }
}
