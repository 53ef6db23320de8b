// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.StackException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackOptionsTest {

  private final StackOptions redis = StackOptions.of("redis");

  @Test
  void aStackHasAtLeastOneServer() {
    assertThatThrownBy(() -> StackOptions.of(Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no server to start");
  }

  @Test
  void aPortIsForAServerThatIsStarted() {
    assertThatThrownBy(() -> redis.withPort("kafka", 9092))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a port for kafka");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void aPortIsInRange(int port) {
    assertThatThrownBy(() -> redis.withPort("redis", port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port " + port + " for redis");
  }

  @Test
  void aDynamoDbServerOfTheUserIsForAStackWithDynamoDb() {
    URI address = URI.create("http://127.0.0.1:8000");
    assertThatThrownBy(() -> redis.withDynamoDbEndpoint(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an address for dynamodb");
    assertThatThrownBy(
            () ->
                StackOptions.of("dynamodb")
                    .withDynamoDbEndpoint(URI.create("http://u:s3cret@127.0.0.1:8000")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without a user")
        .hasMessageNotContaining("s3cret");
    StackOptions users = StackOptions.of("dynamodb", "redis").withDynamoDbEndpoint(address);
    assertThat(users.description(Server.of("dynamodb"))).contains("user", address.toString());
    assertThat(users.description(Server.of("redis"))).isEqualTo(Server.of("redis").description());
    assertThat(users.withPort("redis", 1).environment())
        .containsExactly(entry("DIMSTORE_DYNAMODB_ENDPOINT", address.toString()));
  }

  @Test
  void withMethodsLeaveTheOriginalAsItIs() {
    StackOptions changed =
        redis.withPort("redis", 6379).withTimeout(Duration.ofSeconds(1)).withProgress(x -> {});
    assertThat(changed.ports()).containsEntry(Server.of("redis"), 6379);
    assertThat(changed.timeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(redis.ports()).isEmpty();
    assertThat(redis.timeout()).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void aServerOfTheUserThatAcceptsConnectionsAndIsSilentIsReported() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String address = "http://127.0.0.1:" + silent.getLocalPort();
      StackOptions options = StackOptions.of("dynamodb").withDynamoDbEndpoint(URI.create(address));
      assertThatThrownBy(options::requireDynamoDb)
          .isInstanceOf(StackException.class)
          .hasMessageContainingAll(address, "--dynamodb-endpoint", "does not answer");
    }
    redis.requireDynamoDb(); // no server is named
  }
}
