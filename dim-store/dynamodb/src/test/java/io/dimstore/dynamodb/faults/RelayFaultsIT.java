// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.relay.Relay;
import io.dimstore.stack.relay.RelayFault;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests each operation during network faults, idle and under load. */
class RelayFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  @BeforeAll
  static void warmUp() throws IOException {
    FaultFixture.warmUp(stack);
  }

  @ParameterizedTest
  @EnumSource
  void eachOperationEndsInTimeAndSucceedsAfterTheFault(RelayFault fault) {
    Map<String, String> options =
        fault == RelayFault.SLOW ? Map.of() : Map.of("attempt-timeout", "1 s", "deadline", "2 s");
    try (Relay relay = Relay.to(stack.dynamoDb().port());
        FaultTrial trial = new FaultTrial(stack, "http://127.0.0.1:" + relay.port(), options)) {
      trial.run(
          () -> fault.begin(relay),
          () -> fault.end(relay),
          (operation, failure) -> check(fault, operation, failure));
    }
  }

  /** Asserts that an operation succeeded or failed with a retryable failure. */
  private static void check(
      RelayFault fault, FaultTrial.Operation operation, @Nullable Kind failure) {
    if (fault == RelayFault.SLOW) {
      assertThat(failure).as("%s while slow", operation).isNull();
    } else if (fault.stopsAll()) {
      assertThat(failure).as("%s while %s", operation, fault).isIn(Kind.TIMEOUT, Kind.UNAVAILABLE);
    } else if (failure != null) {
      assertThat(failure.isRetryable()).as("%s: %s", operation, failure).isTrue();
    }
  }
}
