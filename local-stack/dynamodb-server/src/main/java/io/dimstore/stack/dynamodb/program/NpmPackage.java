// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import io.dimstore.stack.dynamodb.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server's binary in an npm package. The command {@code npm} fetches it at first need; later it
 * is taken from the user's cache folder.
 *
 * @param name the package, for instance {@code @dynoxide/linux-x64}
 * @param version the exact version
 * @param binary the binary's path inside the package
 * @param sha512 the checksum of the package's archive in Base64, or null to rely on the one that
 *     npm compares
 */
record NpmPackage(String name, String version, String binary, @Nullable String sha512) {

  private static final long MINUTES = 5;
  private static final int QUOTED_LINES = 8;

  /** Returns this user's folder for downloaded servers. */
  static Path cacheFolder() {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("dimstore").resolve("servers");
  }

  String id() {
    return name + "@" + version;
  }

  /**
   * Returns the binary, fetched if it is not yet in the cache folder. Several processes may do this
   * at the same time. A package that does not state an open-source licence is not used.
   *
   * @param progress receives a line before the package is fetched
   * @throws IOException with a message for the user if it cannot be fetched, or for its licence
   */
  Path fetch(Path cache, String npm, Consumer<String> progress) throws IOException {
    Path folder = cache.resolve(name.replaceFirst("^@", "").replace('/', '-') + "-" + version);
    Path kept = folder.resolve(binary);
    if (Files.isExecutable(kept)) {
      requireOpenSource(folder);
      return kept;
    }
    progress.accept("fetching " + id() + " with npm, once; it is kept in " + folder);
    if (sha512 == null) {
      progress.accept(id() + " was not tried; npm alone compares its checksum");
    }
    Files.createDirectories(cache);
    Path work = Files.createTempDirectory(cache, "fetching-");
    try {
      run(
          work,
          List.of(npm, "pack", "--silent", "--pack-destination", work.toString(), id()),
          id() + " cannot be fetched.");
      Path archive = only(work);
      check(archive);
      run(
          work,
          List.of("tar", "-xzf", archive.getFileName().toString()),
          "The archive of " + id() + " cannot be unpacked.");
      Path unpacked = work.resolve("package");
      requireOpenSource(unpacked);
      if (!unpacked.resolve(binary).toFile().setExecutable(true)) {
        throw new IOException("The package " + id() + " has no file " + binary + ".");
      }
      move(unpacked, folder, kept);
      return kept;
    } finally {
      remove(work);
    }
  }

  /** Checks the licence that the unpacked package states. */
  private void requireOpenSource(Path unpacked) throws IOException {
    Path file = unpacked.resolve("package.json");
    String licence =
        Files.exists(file) ? Json.read(Files.readAllBytes(file)).path("license").asText() : "";
    if (!OpenSourceLicence.isAllowed(licence)) {
      throw new IOException(
          "The package "
              + id()
              + " is not used: "
              + (licence.isEmpty()
                  ? "it states no licence."
                  : "its licence '" + licence + "' is not a known open-source licence.")
              + " Start a DynamoDB server of your own and use its address.");
    }
  }

  private static void move(Path unpacked, Path folder, Path kept) throws IOException {
    try {
      Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      // Another process has fetched it meanwhile.
      if (!Files.isExecutable(kept)) {
        throw e;
      }
    }
  }

  private void check(Path archive) throws IOException {
    if (sha512 == null) {
      return;
    }
    String found;
    try {
      byte[] digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(archive));
      found = Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-512", e);
    }
    if (!found.equals(sha512)) {
      throw new IOException(
          "npm's archive of "
              + id()
              + " is not the expected one and is not used: its SHA-512 is "
              + found
              + " instead of "
              + sha512
              + ".");
    }
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".tgz"))
          .findFirst()
          .orElseThrow(() -> new IOException("npm pack left no archive in " + folder + "."));
    }
  }

  private void run(Path folder, List<String> command, String otherwise) throws IOException {
    Path output = folder.resolve("output");
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      throw new IOException(
          otherwise
              + " The command '"
              + command.get(0)
              + "' is not found. Install it (npm comes with Node.js), or start a DynamoDB server of"
              + " your own and use its address.",
          e);
    }
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException(otherwise + " It took longer than " + MINUTES + " minutes.");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(otherwise + " It was interrupted.", e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          otherwise
              + " '"
              + String.join(" ", command)
              + "' ended with exit code "
              + process.exitValue()
              + ":"
              + lastLines(output));
    }
  }

  private static String lastLines(Path output) throws IOException {
    List<String> lines = Files.readAllLines(output, StandardCharsets.ISO_8859_1);
    return lines.stream()
        .skip(Math.max(0, lines.size() - QUOTED_LINES))
        .map(line -> "\n    " + line)
        .collect(Collectors.joining());
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.deleteIfExists(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
