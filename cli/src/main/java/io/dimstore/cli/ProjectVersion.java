// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

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
   * Returns the commit that is checked out in a folder, with {@code -dirty} at its end if files
   * differ from it. Returns {@code unknown} if the folder is no checkout or Git is not installed.
   */
  public static String commit(Path folder) {
    return commit(folder, "git");
  }

  static String commit(Path folder, String git) {
    try {
      Process process =
          new ProcessBuilder(
                  List.of(git, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"))
              .directory(folder.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (InputStream out = process.getInputStream()) {
        String text = new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? text : UNKNOWN;
      }
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
