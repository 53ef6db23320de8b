// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the root folder of the project, below which the build wrote the servers' class paths. */
final class ProjectHome {

  static final String PROPERTY = "dimstore.home";

  private ProjectHome() {}

  /**
   * Returns the folder that the system property names. Without the property it returns the first
   * project root above the current folder, or else above this class's code.
   */
  static Path find() {
    String configured = System.getProperty(PROPERTY);
    if (configured != null) {
      Path home = Path.of(configured).toAbsolutePath().normalize();
      if (!isHome(home)) {
        throw new StackException(
            "The system property "
                + PROPERTY
                + " names "
                + home
                + ", which has no folder local-stack. Set it to the root of the dimstore project.");
      }
      return home;
    }
    return above(Path.of("").toAbsolutePath())
        .or(() -> Optional.ofNullable(codeLocation()).flatMap(ProjectHome::above))
        .orElseThrow(
            () ->
                new StackException(
                    "The dimstore project is not found above "
                        + Path.of("").toAbsolutePath()
                        + ". Run inside it, or set -D"
                        + PROPERTY
                        + "=<its root folder>."));
  }

  private static Optional<Path> above(Path start) {
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (isHome(folder)) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  private static boolean isHome(Path folder) {
    return Files.isDirectory(folder.resolve("local-stack"));
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
