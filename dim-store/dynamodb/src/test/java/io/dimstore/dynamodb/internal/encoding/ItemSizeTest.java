// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemSizeTest {

  @ParameterizedTest
  @CsvSource({"0,1", "7,2", "12,2", "123,3", "-123,4", "1000,2", "0.0010,2", "1.5E10,2"})
  void aNumberTakesAByteForTwoSignificantDigitsAndOneMore(String number, int bytes) {
    assertThat(ItemSize.ofValue(AttributeValue.fromN(number))).isEqualTo(bytes);
  }

  @Test
  void textCountsInUtf8() {
    assertThat(ItemSize.ofValue(AttributeValue.fromS("aé€😀"))).isEqualTo(10);
    assertThat(ItemSize.ofValue(AttributeValue.fromS(""))).isZero();
  }

  @Test
  void theSizeOfAnItemIsThatOfItsNamesAndValues() {
    Map<String, AttributeValue> item =
        Map.of(
            "b", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[5])),
            "bool", AttributeValue.fromBool(false),
            "nul", AttributeValue.fromNul(true),
            "l", AttributeValue.fromL(List.of(AttributeValue.fromS("xy"))),
            "m", AttributeValue.fromM(Map.of("k", AttributeValue.fromN("1"))));
    assertThat(ItemSize.of(item)).isEqualTo((1 + 5) + (4 + 1) + (3 + 1) + (1 + 6) + (1 + 4 + 3));
  }

  @Test
  void writeUnitsAreKilobytesRoundedUp() {
    assertThat(ItemSize.writeUnits(1)).isEqualTo(1);
    assertThat(ItemSize.writeUnits(1024)).isEqualTo(1);
    assertThat(ItemSize.writeUnits(1025)).isEqualTo(2);
  }
}
