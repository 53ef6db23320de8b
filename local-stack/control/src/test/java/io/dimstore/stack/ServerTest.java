package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServerTest {

  @ParameterizedTest
  @EnumSource
  void aServerIsFoundByItsNameInAnyCase(Server server) {
    assertThat(Server.of(server.id())).contains(server);
    assertThat(Server.of(server.name())).contains(server);
    assertThat(Launch.endpoint(server, 4711).server()).isEqualTo(server);
    assertThat(Launch.endpoint(server, 4711).port()).isEqualTo(4711);
  }

  @Test
  void anUnknownNameIsNoServer() {
    assertThat(Server.of("mysql")).isEmpty();
  }
}
