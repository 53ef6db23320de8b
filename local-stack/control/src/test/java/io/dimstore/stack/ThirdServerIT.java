// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that this project does not have: one folder below local-stack is all that it takes. */
class ThirdServerIT {

  @TempDir Path folder;

  @Test
  void aFolderBelowLocalStackIsAServer() throws Exception {
    Path home = homeWithHello();
    StackProcess up = StackProcess.start(folder, home, "up", "--format", "json").awaitUp();
    try {
      Matcher port =
          Pattern.compile("\"HELLO_URL\": \"hello://127\\.0\\.0\\.1:(\\d+)/\"").matcher(up.out());
      assertThat(port.find()).as(up.out()).isTrue();
      assertThat(up.out()).contains("\"hello\": {").doesNotContain("redis");
      assertThat(answer(Integer.parseInt(port.group(1)))).isEqualTo("hello");
    } finally {
      up.process().destroy();
      up.awaitEnd();
    }
  }

  @Test
  void commandsNameTheServersOfTheProjectThatTheyRunIn() throws Exception {
    StackProcess up =
        StackProcess.start(folder, homeWithHello(), "up", "--only", "redis").awaitEnd();
    assertThat(up.exitCode()).isEqualTo(2);
    assertThat(up.err()).contains("--only 'redis': must be one of hello");
  }

  private Path homeWithHello() throws IOException {
    Path home = folder.resolve("home");
    Path module = Files.createDirectories(home.resolve("local-stack/hello-server"));
    Files.writeString(
        module.resolve("server.properties"),
        """
        description=says hello
        main=%s
        jvm-options=-Xmx32m
        environment.HELLO_URL=hello://${address}/
        """
            .formatted(HelloServerMain.class.getName()));
    // As the module's build would leave them.
    Files.createDirectories(module.resolve("target/classes"));
    Path classes =
        Path.of(
            HelloServerMain.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Files.writeString(module.resolve("target/classpath"), classes.toString());
    return home;
  }

  private static String answer(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }
}
