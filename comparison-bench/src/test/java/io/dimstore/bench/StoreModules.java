// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static java.util.stream.Collectors.toList;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The store modules of this project, as {@code bin/dimstore} finds them. */
final class StoreModules {

  private static final String SERVICE =
      "src/main/resources/META-INF/services/io.dimstore.spi.DimensionStoreFactory";

  private StoreModules() {}

  /** Returns the folders of the modules under {@code dim-store} that register a store. */
  static List<Path> folders() throws IOException {
    Path parent = Path.of(System.getProperty("dimstore.home"), "dim-store");
    try (Stream<Path> folders = Files.list(parent)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve(SERVICE)))
          .sorted()
          .collect(toList());
    }
  }

  /** Returns the class name of the factory that a module registers. */
  static String factory(Path folder) throws IOException {
    return Files.readString(folder.resolve(SERVICE)).strip();
  }

  /** Returns a class loader that has every store, with what its build has written. */
  static URLClassLoader classLoader() throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path folder : folders()) {
      urls.add(folder.resolve("target/classes/").toUri().toURL());
      Path classPath = folder.resolve("target/classpath");
      if (Files.exists(classPath)) {
        for (String entry : Files.readString(classPath).strip().split(File.pathSeparator, -1)) {
          urls.add(Path.of(entry).toUri().toURL());
        }
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), StoreModules.class.getClassLoader());
  }
}
