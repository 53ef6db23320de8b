package io.dimstore.stack;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** The native Redis server, out of those for several systems that the build unpacked. */
final class RedisBinary {

  private RedisBinary() {}

  /** The binary for this machine, made executable. */
  static Path find(Path home) {
    return find(home, System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Path find(Path home, String osName, String osArch) {
    Path folder = home.resolve("local-stack/redis-server/target/binaries");
    if (!Files.isDirectory(folder)) {
      throw ServerClassPath.notBuilt(folder, home, Server.REDIS);
    }
    String suffix = suffix(osName, osArch);
    try (DirectoryStream<Path> binaries =
        Files.newDirectoryStream(folder, "redis-server-*" + suffix)) {
      for (Path binary : binaries) {
        if (!Files.isExecutable(binary)) {
          Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return binary;
      }
    } catch (IOException e) {
      throw new StackException("The Redis server in " + folder + " cannot be used: " + e, e);
    }
    throw new StackException(
        "There is no Redis server for this system, " + suffix + ", in " + folder + ".");
  }

  /**
   * How the binary's name ends for a system, by the values of {@code os.name} and {@code os.arch}.
   */
  private static String suffix(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
    String arch =
        switch (osArch) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          case "i386", "x86" -> "386";
          default -> osArch;
        };
    return os + "-" + arch;
  }
}
