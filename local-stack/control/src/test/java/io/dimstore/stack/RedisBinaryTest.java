package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisBinaryTest {

  @TempDir Path home;

  private Path binaries() throws IOException {
    return Files.createDirectories(home.resolve("local-stack/redis-server/target/binaries"));
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
    assertThat(RedisBinary.find(home, os, arch))
        .hasFileName("redis-server-1.0-" + suffix)
        .isExecutable();
  }

  @Test
  void aSystemWithoutABinaryIsNamed() throws IOException {
    Files.createFile(binaries().resolve("redis-server-1.0-linux-amd64"));
    assertThatThrownBy(() -> RedisBinary.find(home, "Linux", "mips"))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("There is no Redis server for this system, linux-mips");
  }

  @Test
  void aMissingBuildIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> RedisBinary.find(home))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("The part for redis is not built")
        .hasMessageContaining("mvn -q -DskipTests package");
  }
}
