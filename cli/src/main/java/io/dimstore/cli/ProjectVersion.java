// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells which version of dimstore runs, and from which commit of a checkout. */
public final class ProjectVersion {

  private static final String UNKNOWN = "unknown";

  private ProjectVersion() {}

  /** Returns the version of this build. */
  public static String number() {
    Properties properties = new Properties();
    try (InputStream in = ProjectVersion.class.getResourceAsStream("version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  /**
   * Returns the commit of a project's folder, with {@code -dirty} at its end if files differ from
   * it. Returns {@code unknown} if the folder is not the top of a checkout, or if Git is not
   * installed or does not answer within ten seconds.
   */
  public static String commit(Path folder) {
    return commit(folder, "git", Duration.ofSeconds(10));
  }

  static String commit(Path folder, String git, Duration limit) {
    try {
      // A copy of the project inside of another checkout has no commit of its own.
      String top = output(folder, limit, git, "rev-parse", "--show-toplevel");
      if (top == null || !Files.isSameFile(Path.of(top), folder)) {
        return UNKNOWN;
      }
      String commit =
          output(
              folder, limit, git, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
      return commit == null ? UNKNOWN : commit;
    } catch (IOException | InvalidPathException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }

  /** Returns a program's output of one line, or null if it fails or does not end in time. */
  private static @Nullable String output(Path folder, Duration limit, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      // A line fits in the pipe, so the program can end before it is read.
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
        return null;
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } finally {
      process.destroyForcibly();
    }
  }
}
