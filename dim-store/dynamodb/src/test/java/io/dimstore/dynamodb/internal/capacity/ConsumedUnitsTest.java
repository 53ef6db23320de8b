// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchExecuteStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementErrorCodeEnum;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;

class ConsumedUnitsTest {

  private static final BatchStatementResponse DONE = BatchStatementResponse.builder().build();

  private static BatchStatementResponse failed(BatchStatementErrorCodeEnum code, int bytesThere) {
    Map<String, AttributeValue> there =
        bytesThere == 0 ? Map.of() : Map.of("k", AttributeValue.fromS("x".repeat(bytesThere - 1)));
    return BatchStatementResponse.builder().error(e -> e.code(code).item(there)).build();
  }

  @Test
  void statementsAreChargedByTheLargerItemEvenIfTheConditionFailed() {
    BatchExecuteStatementResponse answer =
        BatchExecuteStatementResponse.builder()
            .responses(
                DONE,
                DONE,
                failed(BatchStatementErrorCodeEnum.CONDITIONAL_CHECK_FAILED, 2049),
                failed(BatchStatementErrorCodeEnum.CONDITIONAL_CHECK_FAILED, 0),
                failed(BatchStatementErrorCodeEnum.DUPLICATE_ITEM, 0),
                failed(BatchStatementErrorCodeEnum.THROTTLING_ERROR, 0))
            .build();
    assertThat(ConsumedUnits.statements(answer, new int[] {1024, 1025, 10, 1025, 1024, 5000}))
        .isEqualTo(new ConsumedUnits(1 + 2 + 3 + 2 + 1, true));
  }

  @Test
  void reportedUnitsOfStatementsArePreferred() {
    BatchExecuteStatementResponse answer =
        BatchExecuteStatementResponse.builder()
            .responses(DONE)
            .consumedCapacity(ConsumedCapacity.builder().capacityUnits(7.0).build())
            .build();
    assertThat(ConsumedUnits.statements(answer, new int[] {10}))
        .isEqualTo(new ConsumedUnits(7, false));
  }

  @Test
  void reportedUnitsAreSummedUp() {
    ConsumedCapacity said = ConsumedCapacity.builder().capacityUnits(2.5).build();
    assertThat(ConsumedUnits.measured(List.of(said, said))).isEqualTo(new ConsumedUnits(5, false));
    assertThat(ConsumedUnits.write(said, 10)).isEqualTo(new ConsumedUnits(2.5, false));
    assertThat(ConsumedUnits.write(ConsumedCapacity.builder().build(), 1025))
        .isEqualTo(new ConsumedUnits(2, true));
  }
}
