package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackOptionsTest {

  private final StackOptions redis = StackOptions.of(Set.of(Server.REDIS));

  @Test
  void aStackHasAtLeastOneServer() {
    assertThatThrownBy(() -> StackOptions.of(Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no server to start");
  }

  @Test
  void aPortIsForAServerThatIsStarted() {
    assertThatThrownBy(() -> redis.withPort(Server.KAFKA, 9092))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a port for kafka");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void aPortIsInRange(int port) {
    assertThatThrownBy(() -> redis.withPort(Server.REDIS, port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port " + port + " for redis");
  }

  @Test
  void withMethodsLeaveTheOriginalAsItIs() {
    StackOptions changed =
        redis.withPort(Server.REDIS, 6379).withTimeout(Duration.ofSeconds(1)).withProgress(x -> {});
    assertThat(changed.ports()).containsEntry(Server.REDIS, 6379);
    assertThat(changed.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(redis.ports()).isEmpty();
    assertThat(redis.timeout()).isEqualTo(Duration.ofMinutes(3));
  }
}
