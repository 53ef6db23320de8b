// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.stack.server.Server;
import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.ServerProgram;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeBinaryTest {

  private static final ServerProgram.NativeBinary PROGRAM =
      new ServerProgram.NativeBinary("target/binaries/redis-server-*", List.of(), "PING", "PONG");

  @TempDir Path home;
  private ServerModule redis;

  @BeforeEach
  void makeModule() {
    redis =
        new ServerModule(
            new Server("redis", "for this test", 1),
            home.resolve("local-stack/redis-server"),
            PROGRAM,
            false,
            0,
            "${host}:${port}",
            Map.of(),
            Map.of());
  }

  private Path binaries() throws IOException {
    return Files.createDirectories(redis.folder().resolve("target/binaries"));
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-amd64",
    "Linux, aarch64, linux-arm64",
    "Linux, i386, linux-386",
    "Mac OS X, x86_64, darwin-amd64",
    "Mac OS X, aarch64, darwin-arm64"
  })
  void theBinaryIsChosenBySystemAndProcessorAndMadeExecutable(String os, String arch, String suffix)
      throws IOException {
    for (String name :
        List.of("linux-amd64", "linux-arm64", "linux-386", "darwin-amd64", "darwin-arm64")) {
      Files.createFile(binaries().resolve("redis-server-1.0-" + name));
    }
    assertThat(NativeBinary.find(home, redis, PROGRAM, os, arch))
        .hasFileName("redis-server-1.0-" + suffix)
        .isExecutable();
  }

  @Test
  void aSystemWithoutABinaryIsNamed() throws IOException {
    Files.createFile(binaries().resolve("redis-server-1.0-linux-amd64"));
    assertThatThrownBy(() -> NativeBinary.find(home, redis, PROGRAM, "Linux", "mips"))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("There is no program of redis for this system, linux-mips");
  }

  @Test
  void aMissingBuildIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> NativeBinary.find(home, redis, PROGRAM))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("The part for redis is not built")
        .hasMessageContaining("mvn -q -DskipTests package");
  }
}
