// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.ServerProgram;
import io.dimstore.stack.server.StackException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;

/** Selects the native program for this system from those that a module's build unpacked. */
final class NativeBinary {

  private NativeBinary() {}

  /** Returns the binary for this machine and makes it executable. */
  static Path find(Path home, ServerModule module, ServerProgram.NativeBinary program) {
    return find(
        home, module, program, System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Path find(
      Path home,
      ServerModule module,
      ServerProgram.NativeBinary program,
      String osName,
      String osArch) {
    Path pattern = module.folder().resolve(program.binary());
    Path folder = Objects.requireNonNull(pattern.getParent());
    String server = module.server().id();
    if (!Files.isDirectory(folder)) {
      throw ServerClassPath.notBuilt(folder, home, server);
    }
    String suffix = suffix(osName, osArch);
    try (DirectoryStream<Path> binaries =
        Files.newDirectoryStream(folder, pattern.getFileName() + suffix)) {
      for (Path binary : binaries) {
        if (!Files.isExecutable(binary)) {
          Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return binary;
      }
    } catch (IOException e) {
      throw new StackException(
          "The program of " + server + " in " + folder + " cannot be used: " + e, e);
    }
    throw new StackException(
        "There is no program of "
            + server
            + " for this system, "
            + suffix
            + ", in "
            + folder
            + ".");
  }

  /**
   * Returns the end of the binary's name for a system, given the values of {@code os.name} and
   * {@code os.arch}.
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
