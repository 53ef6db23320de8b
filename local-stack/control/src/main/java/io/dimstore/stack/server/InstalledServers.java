// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the servers whose modules are on the class path as artifacts, for projects outside of the
 * checkout. It lays them out in the user's cache folder as the folder {@code local-stack} of a
 * built checkout, so that nothing else has to distinguish the two.
 *
 * <p>The artifact of a server has its files in {@code META-INF/dimstore/servers/ARTIFACT}. The
 * server's class path is the file {@code classpath} there; its paths are relative to the local
 * Maven repository.
 */
final class InstalledServers {

  /** System property with the local Maven repository, for artifacts that do not lie in it. */
  static final String REPOSITORY = "dimstore.repository";

  private static final String FOLDER = "META-INF/dimstore/servers/";
  private static final String CLASSPATH = "classpath";
  private static final String PLACEHOLDER = "@repository@";
  private static final String ARTIFACT_PREFIX = "local-stack-";

  /** The resources of one server, by their names below its folder, and where its classes are. */
  private record Artifact(Path location, Map<String, URL> files) {}

  private InstalledServers() {}

  /**
   * Returns the folder that has the servers below {@code local-stack}, or empty if no server is on
   * the class path.
   */
  static Optional<Path> home(ClassLoader classLoader) {
    try {
      Map<String, Artifact> artifacts = find(classLoader);
      return artifacts.isEmpty() ? Optional.empty() : Optional.of(laidOut(artifacts));
    } catch (IOException | URISyntaxException e) {
      throw new StackException("The servers on the class path cannot be read: " + e, e);
    }
  }

  private static Map<String, Artifact> find(ClassLoader classLoader)
      throws IOException, URISyntaxException {
    Map<String, Artifact> artifacts = new TreeMap<>();
    for (URL folder : Collections.list(classLoader.getResources(FOLDER))) {
      Path location = location(folder);
      for (String file : files(folder)) {
        int slash = file.indexOf('/');
        artifacts
            .computeIfAbsent(
                file.substring(0, slash), id -> new Artifact(location, new TreeMap<>()))
            .files()
            .put(file.substring(slash + 1), new URL(folder, file));
      }
    }
    artifacts.values().removeIf(artifact -> !artifact.files().containsKey(ServerFile.NAME));
    return artifacts;
  }

  private static Path location(URL folder) throws IOException, URISyntaxException {
    if (folder.openConnection() instanceof JarURLConnection jar) {
      return Path.of(jar.getJarFileURL().toURI());
    }
    Path path = Path.of(folder.toURI());
    return path.getRoot().resolve(path.subpath(0, path.getNameCount() - 3));
  }

  private static List<String> files(URL folder) throws IOException, URISyntaxException {
    if (folder.openConnection() instanceof JarURLConnection jar) {
      return jar.getJarFile().stream()
          .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(FOLDER))
          .map(entry -> entry.getName().substring(FOLDER.length()))
          .toList();
    }
    Path path = Path.of(new URI(folder.toString()));
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> path.relativize(file).toString())
          .toList();
    }
  }

  private static Path laidOut(Map<String, Artifact> artifacts) throws IOException {
    Path parent = UserFolders.cache().resolve("local-stack");
    Path home = parent.resolve(key(artifacts));
    if (Files.isDirectory(home)) {
      Files.setLastModifiedTime(home, FileTime.from(Instant.now())); // it is in use
      return home;
    }
    Files.createDirectories(parent);
    Path next = Files.createTempDirectory(parent, "next-");
    for (Map.Entry<String, Artifact> artifact : artifacts.entrySet()) {
      String name = artifact.getKey();
      layOut(
          artifact.getValue(),
          next.resolve("local-stack")
              .resolve(
                  name.startsWith(ARTIFACT_PREFIX)
                      ? name.substring(ARTIFACT_PREFIX.length())
                      : name));
    }
    try {
      Files.move(next, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(home)) {
        throw e;
      }
      StackFolder.removeTree(next); // Another process was faster.
    }
    removeOld(parent, home);
    return home;
  }

  /** Removes the folders that have not been used for long: their artifacts have been replaced. */
  private static void removeOld(Path parent, Path home) throws IOException {
    Instant old = Instant.now().minus(Duration.ofDays(30));
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent)) {
      for (Path folder : folders) {
        try {
          if (!folder.equals(home) && Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
            StackFolder.removeTree(folder);
          }
        } catch (IOException e) {
          // Another process removes it.
        }
      }
    }
  }

  private static void layOut(Artifact artifact, Path folder) throws IOException {
    // The classes are in the artifact, which comes first on the class path.
    Files.createDirectories(folder.resolve("target/classes"));
    for (Map.Entry<String, URL> file : artifact.files().entrySet()) {
      if (file.getKey().equals(CLASSPATH)) {
        Files.writeString(folder.resolve("target/classpath"), classPath(artifact, file.getValue()));
      } else {
        Path copy = folder.resolve(file.getKey());
        Files.createDirectories(copy.getParent());
        try (InputStream in = file.getValue().openStream()) {
          Files.copy(in, copy);
        }
      }
    }
  }

  private static String classPath(Artifact artifact, URL file) throws IOException {
    Path repository = repository(artifact.location());
    List<String> entries = new ArrayList<>();
    entries.add(artifact.location().toString());
    try (InputStream in = file.openStream()) {
      for (String entry :
          new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split(":", -1)) {
        entries.add(entry.replace(PLACEHOLDER, repository.toString()));
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  /** Returns the local Maven repository in which an artifact lies, unless the property names it. */
  private static Path repository(Path artifact) {
    String configured = System.getProperty(REPOSITORY);
    if (configured != null) {
      return Path.of(configured).toAbsolutePath();
    }
    // REPOSITORY/io/dimstore/ARTIFACT/VERSION/FILE
    if (artifact.getNameCount() > 5
        && artifact.getName(artifact.getNameCount() - 5).toString().equals("io")
        && artifact.getName(artifact.getNameCount() - 4).toString().equals("dimstore")) {
      return artifact.getRoot().resolve(artifact.subpath(0, artifact.getNameCount() - 5));
    }
    return Path.of(System.getProperty("user.home"), ".m2", "repository");
  }

  /** Returns a name that changes with the artifacts, their contents and the repository. */
  private static String key(Map<String, Artifact> artifacts) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Artifact artifact : artifacts.values()) {
        Path location = artifact.location();
        String text =
            Stream.of(
                    location,
                    repository(location),
                    Files.size(location),
                    Files.getLastModifiedTime(location))
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
        digest.update(text.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
