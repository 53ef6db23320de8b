// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.StackOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DetachedStackTest {

  /** Twelve days have ten digits of milliseconds; a command line takes nine. */
  @Test
  void aDetachedStackGetsALongTimeoutInAUnitThatItsCommandLineTakes() {
    StackOptions options =
        StackOptions.of("redis").withPort("redis", 6379).withTimeout(Duration.ofDays(12));
    assertThat(DetachedStack.arguments(options))
        .containsExactly(
            "up", "--supervise", "--only", "redis", "--port", "redis=6379", "--timeout", "12d");
  }

  @Test
  void aDetachedStackHasTheTaskManagersThatWereAskedFor() {
    assertThat(DetachedStack.arguments(StackOptions.of("flink").withTaskManagers(3)))
        .startsWith("up", "--supervise", "--only", "flink", "--taskmanagers", "3")
        .doesNotContain("--ha");
  }

  @Test
  void aDetachedStackIsHighlyAvailableIfThatWasAskedFor() {
    assertThat(DetachedStack.arguments(StackOptions.of("flink").withHighAvailability()))
        .contains("--ha");
  }
}
