package io.dimstore.stack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The native Redis server out of the jar that carries it for several systems. */
final class RedisBinary {

  private RedisBinary() {}

  /** Puts the binary for this machine into the folder, unless it is there. */
  static Path extract(ServerClassPath classPath, Path folder) {
    Path binary = folder.resolve("redis-server");
    if (Files.exists(binary)) {
      return binary;
    }
    String suffix = suffix(System.getProperty("os.name"), System.getProperty("os.arch"));
    for (Path jar : classPath.entries()) {
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
          ZipEntry entry = e.nextElement();
          if (entry.getName().startsWith("redis-server-") && entry.getName().endsWith(suffix)) {
            try (InputStream in = zip.getInputStream(entry)) {
              Files.copy(in, binary);
            }
            Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwx------"));
            return binary;
          }
        }
      } catch (IOException e) {
        throw new StackException("The Redis server cannot be taken out of " + jar + ": " + e, e);
      }
    }
    throw new StackException(
        "There is no Redis server for this system (" + suffix + ") in " + classPath.joined() + ".");
  }

  /**
   * How the binary's name ends for a system, by the values of {@code os.name} and {@code os.arch}.
   */
  static String suffix(String osName, String osArch) {
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
