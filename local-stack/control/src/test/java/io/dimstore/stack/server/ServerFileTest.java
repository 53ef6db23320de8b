// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerFileTest {

  private static final String JAVA = "description=for this test\nmain=org.example.Main\n";

  @TempDir Path home;

  @Test
  void serversAreFoundAndListedByOrderThenByName() throws IOException {
    declare("late", JAVA);
    declare("early", JAVA + "order=10");
    declare("between", JAVA);
    Files.createDirectories(home.resolve("local-stack/not-a-server"));
    Files.createDirectories(home.resolve("local-stack/control"));

    assertThat(ServerModule.all(home))
        .extracting(module -> module.server().id())
        .containsExactly("early", "between", "late");
    assertThatThrownBy(() -> ServerModule.of(home, "none"))
        .isInstanceOf(StackException.class)
        .hasMessage("no server 'none'; there are [early, between, late]");
  }

  @Test
  void placeholdersOfTheAddressAreFilledWithThePort() throws IOException {
    declare("plain", JAVA);
    declare(
        "other",
        JAVA
            + """
            address=http://${host}:${port}/x
            setting.user=me
            environment.OTHER_URL=${address}?user=${user}
            """);

    assertThat(ServerModule.of(home, "plain").endpoint(4711).address()).isEqualTo("127.0.0.1:4711");
    Endpoint other = ServerModule.of(home, "other").endpoint(4711);
    assertThat(other.port()).isEqualTo(4711);
    assertThat(other.settings())
        .containsEntry("address", "http://127.0.0.1:4711/x")
        .containsEntry("host", "127.0.0.1")
        .containsEntry("port", "4711")
        .containsEntry("user", "me");
    assertThat(other.environment()).containsEntry("OTHER_URL", "http://127.0.0.1:4711/x?user=me");
  }

  @Test
  void mistakesAreNamedWithTheFile() throws IOException {
    assertRefused(JAVA + "mian=x", "local-stack/x-server/server.properties", "[mian]");
    assertRefused(JAVA + "order=first", "'order' is not a whole number: 'first'");
    assertRefused(JAVA + "optional=yes", "'optional' is neither true nor false: 'yes'");
    assertRefused("main=org.example.Main", "'description' is missing");
    assertRefused("description=x", "'binary' is missing, and 'main', too");
    assertRefused(JAVA + "address=${prot}", "${prot}", "port");
  }

  private void assertRefused(String text, String... parts) throws IOException {
    declare("x", text);
    assertThatThrownBy(() -> ServerModule.all(home))
        .isInstanceOf(StackException.class)
        .hasMessageContainingAll(parts);
  }

  private void declare(String id, String text) throws IOException {
    Path folder = Files.createDirectories(home.resolve("local-stack").resolve(id + "-server"));
    Files.writeString(folder.resolve("server.properties"), text);
  }
}
