// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.ServerProgram;
import io.dimstore.stack.server.StackException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerClassPathTest {

  @TempDir Path home;
  private Path target;
  private ServerModule module;

  @BeforeEach
  void makeTargetFolder() throws IOException {
    module =
        new ServerModule(
            new Server("kafka", "for this test", 1),
            home.resolve("local-stack/kafka-server"),
            new ServerProgram.JavaClass("org.example.Main", null, List.of()),
            false,
            0,
            "${host}:${port}",
            Map.of(),
            Map.of());
    target = Files.createDirectories(home.resolve("local-stack/kafka-server/target"));
  }

  @Test
  void theServersOwnClassesComeBeforeItsLibraries() throws IOException {
    Path classes = Files.createDirectory(target.resolve("classes"));
    Path first = Files.createFile(home.resolve("a.jar"));
    Path second = Files.createFile(home.resolve("b.jar"));
    Files.writeString(target.resolve("classpath"), first + File.pathSeparator + second + "\n");
    assertThat(ServerClassPath.read(home, module).entries())
        .containsExactly(classes, first, second);
  }

  @Test
  void aModuleThatIsNotBuiltIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> ServerClassPath.read(home, module))
        .isInstanceOf(StackException.class)
        .hasMessage(
            "The part for kafka is not built: %s is missing. Run 'mvn -q -DskipTests package' in %s.",
            target.resolve("classes"), home);
  }

  @Test
  void aLibraryThatHasGoneIsNamedToo() throws IOException {
    Files.createDirectory(target.resolve("classes"));
    Files.writeString(target.resolve("classpath"), home.resolve("gone.jar").toString());
    assertThatThrownBy(() -> ServerClassPath.read(home, module))
        .isInstanceOf(StackException.class)
        .hasMessageContaining(home.resolve("gone.jar") + " is missing");
  }
}
