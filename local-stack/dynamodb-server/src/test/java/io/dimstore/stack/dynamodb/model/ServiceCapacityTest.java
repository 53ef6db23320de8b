// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimstore.stack.dynamodb.http.Json;
import io.dimstore.stack.dynamodb.model.ServiceCapacity.Limit;
import org.junit.jupiter.api.Test;

class ServiceCapacityTest {

  private static final JsonNode KEY = Json.object().put("S", "a");

  private long now;

  private ServiceCapacity capacity(ModelSettings settings) {
    return new ServiceCapacity(settings, () -> now);
  }

  @Test
  void unitsComeBackWithTimeAndADebtIsPaidFirst() {
    ServiceCapacity capacity = capacity(ModelSettings.NONE.withTableUnits(10, 0));
    assertThat(capacity.take("t", KEY, false, 25)).isNull();
    assertThat(capacity.take("t", KEY, false, 1)).isEqualTo(Limit.TABLE_READ);
    now += 1_500_000_000;
    assertThat(capacity.take("t", KEY, false, 1)).isEqualTo(Limit.TABLE_READ);
    now += 1_000_000;
    assertThat(capacity.take("t", KEY, false, 1)).isNull();
  }

  @Test
  void atMostOneSecondsUnitsAccumulate() {
    ServiceCapacity capacity = capacity(ModelSettings.NONE.withTableUnits(0, 10));
    now += 100_000_000_000L;
    assertThat(capacity.take("t", KEY, true, 10)).isNull();
    assertThat(capacity.take("t", KEY, true, 1)).isEqualTo(Limit.TABLE_WRITE);
    assertThat(capacity.take("other", KEY, true, 1)).isNull();
    assertThat(capacity.take("t", KEY, false, 1000)).isNull();
  }

  @Test
  void aPartitionHasTheServicesUnits() {
    ServiceCapacity capacity = capacity(ModelSettings.NONE.withPartitions(3));
    assertThat(capacity.take("t", KEY, true, 999)).isNull();
    assertThat(capacity.take("t", KEY, true, 1)).isNull();
    assertThat(capacity.take("t", KEY, true, 1)).isEqualTo(Limit.PARTITION_WRITE);
    assertThat(capacity.take("t", KEY, false, 2999)).isNull();
    assertThat(capacity.take("t", KEY, false, 1)).isNull();
    assertThat(capacity.take("t", KEY, false, 1)).isEqualTo(Limit.PARTITION_READ);
    capacity.charge("t", KEY, false, 3000);
    now += 1_000_000_000;
    assertThat(capacity.take("t", KEY, false, 1)).isEqualTo(Limit.PARTITION_READ);
  }

  @Test
  void itemsAreChargedAsTheServiceDoes() throws Exception {
    JsonNode small =
        Json.read(
            "{\"k\":{\"S\":\"a\"},\"n\":{\"N\":\"12345\"}}"
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(ServiceCapacity.readUnits(small, true)).isEqualTo(1);
    assertThat(ServiceCapacity.readUnits(small, false)).isEqualTo(0.5);
    assertThat(ServiceCapacity.writeUnits(small)).isEqualTo(1);
    JsonNode large = Json.object().set("k", Json.object().put("S", "x".repeat(4096)));
    assertThat(ServiceCapacity.readUnits(large, true)).isEqualTo(2);
    assertThat(ServiceCapacity.writeUnits(large)).isEqualTo(5);
  }
}
