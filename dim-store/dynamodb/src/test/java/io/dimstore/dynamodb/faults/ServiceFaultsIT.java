// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.spi.StoreException.Kind;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.stack.dynamodb.model.Fault;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests each operation while DynamoDB refuses requests, idle and under load. */
class ServiceFaultsIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("dynamodb");

  private ServiceModel proxy;

  @BeforeEach
  void start() throws IOException {
    proxy = ServiceModel.before(Local.options(stack).get("endpoint"));
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
  }

  @Test
  void throttledOperationsFailThrottledAndSucceedAfterwards() {
    try (FaultTrial trial = new FaultTrial(stack, proxy.address(), Map.of("deadline", "2 s"))) {
      trial.run(
          () -> proxy.otherwise(target -> PassingFault.THROTTLED.fault()),
          proxy::heal,
          (operation, failure) ->
              assertThat(failure).as("%s", operation).isIn(Kind.THROTTLED, Kind.TIMEOUT));
    }
  }

  /**
   * The clock of the service is an hour ahead, and it refuses requests that were not signed with
   * its time.
   */
  @Test
  void operationsSucceedAlthoughTheClocksDifferByAnHour() {
    Duration hour = Duration.ofHours(1);
    Fault strict =
        exchange -> {
          Instant signed = Fault.signedAt(exchange.header("x-amz-date"));
          Instant theirs = Instant.now().plus(hour);
          boolean isAccepted = signed.isAfter(theirs.minusSeconds(600));
          (isAccepted ? Fault.none() : Fault.signedTooEarly(hour)).play(exchange);
        };
    try (FaultTrial trial = new FaultTrial(stack, proxy.address(), Map.of())) {
      trial.run(
          () -> proxy.otherwise(target -> strict),
          proxy::heal,
          (operation, failure) -> assertThat(failure).as("%s", operation).isNull());
    }
  }
}
