// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the root folder of the project, below which the build wrote the servers' class paths, or
 * the folder that stands for it where the servers are artifacts.
 */
public final class ProjectHome {

  public static final String PROPERTY = "dimstore.home";

  private ProjectHome() {}

  /**
   * Returns the folder that the system property names. Without the property it returns the first
   * project root above this class's code, or else that of {@link InstalledServers}, or else the
   * first one above the current folder.
   */
  public static Path find() {
    String configured = System.getProperty(PROPERTY);
    if (configured != null) {
      Path home = Path.of(configured).toAbsolutePath().normalize();
      if (!Files.isDirectory(home.resolve("local-stack"))) {
        throw new StackException(
            "The system property "
                + PROPERTY
                + " names "
                + home
                + ", which has no folder local-stack. Set it to the root of the dimstore project.");
      }
      return home;
    }
    return Optional.ofNullable(codeLocation())
        .flatMap(ProjectHome::above)
        .or(() -> Installed.HOME)
        .or(() -> above(Path.of("").toAbsolutePath()))
        .orElseThrow(
            () ->
                new StackException(
                    "No server is on the class path as an artifact, and the dimstore project is not"
                        + " found above "
                        + Path.of("").toAbsolutePath()
                        + ". Depend on local-stack-control, run inside the project, or set -D"
                        + PROPERTY
                        + "=<its root folder>."));
  }

  /** Laid out at first need. The class path of this process does not change. */
  private static final class Installed {
    static final Optional<Path> HOME =
        InstalledServers.home(
            Objects.requireNonNull(ProjectHome.class.getClassLoader(), "class loader"));
  }

  private static Optional<Path> above(Path start) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (isHome(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  /**
   * Returns whether a folder has servers. A local Maven repository has a local-stack of versions.
   */
  private static boolean isHome(Path folder) {
    try (DirectoryStream<Path> servers =
        Files.newDirectoryStream(folder.resolve("local-stack"), "*-server")) {
      return servers.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable Path codeLocation() {
    CodeSource source = ProjectHome.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return null;
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
