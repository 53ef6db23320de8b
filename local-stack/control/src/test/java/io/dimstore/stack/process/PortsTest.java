// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {

  @Test
  void noPortIsGivenTwice() {
    Ports ports = new Ports();
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      assertThat(given.add(ports.free())).isTrue();
    }
    assertThat(given).allMatch(port -> port >= 15_000 && port < 32_000);
  }

  @Test
  void aPortAndItsCompanionAreGivenTogether() {
    Ports ports = new Ports();
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      int port = ports.freeWith(10_000);
      assertThat(given.add(port)).isTrue();
      assertThat(given.add(port + 10_000)).isTrue();
      assertThat(given.add(ports.free())).isTrue();
    }
    assertThat(given).allMatch(port -> port >= 15_000 && port < 32_000);
  }

  @Test
  void aPortWithAListenerIsNotFree() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(Ports.isFree(socket.getLocalPort())).isFalse();
    }
    try (ServerSocket everywhere = new ServerSocket(0)) {
      assertThat(Ports.isFree(everywhere.getLocalPort())).isFalse();
    }
  }
}
