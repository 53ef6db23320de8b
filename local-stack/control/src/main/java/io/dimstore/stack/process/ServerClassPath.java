// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.process;

import io.dimstore.stack.server.ServerModule;
import io.dimstore.stack.server.StackException;
import io.dimstore.stack.server.UserFolders;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The class path of one Java server, as its module's build wrote it. */
record ServerClassPath(List<Path> entries) {

  static ServerClassPath read(Path home, ServerModule module) {
    Path target = module.folder().resolve("target");
    Path file = target.resolve("classpath");
    String server = module.server().id();
    List<Path> entries = new ArrayList<>();
    entries.add(present(target.resolve("classes"), home, server));
    try {
      for (String entry : Files.readString(file).strip().split(File.pathSeparator, -1)) {
        entries.add(present(Path.of(entry), home, server));
      }
    } catch (IOException e) {
      throw notBuilt(file, home, server);
    }
    return new ServerClassPath(List.copyOf(entries));
  }

  private static Path present(Path entry, Path home, String server) {
    if (!Files.exists(entry)) {
      throw notBuilt(entry, home, server);
    }
    return entry;
  }

  static StackException notBuilt(Path missing, Path home, String server) {
    if (home.startsWith(UserFolders.cache())) {
      return new StackException(
          ("An artifact of %s is missing from the local Maven repository: %s. Run 'mvn -f"
                  + " REPOSITORY/io/dimstore/local-stack-%1$s-server/VERSION/*.pom"
                  + " dependency:resolve', or install dimstore again.")
              .formatted(server, missing));
    }
    return new StackException(
        "The part for %s is not built: %s is missing. Run 'mvn -q -DskipTests package' in %s."
            .formatted(server, missing, home));
  }

  String joined() {
    return String.join(File.pathSeparator, entries.stream().map(Path::toString).toList());
  }
}
