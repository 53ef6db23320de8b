// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.nio.file.Path;

/**
 * Locates this user's folders: {@code $XDG_STATE_HOME/dimstore}, or {@code ~/.local/state/dimstore}
 * if the variable is not set, and {@code $XDG_CACHE_HOME/dimstore} or {@code ~/.cache/dimstore}.
 */
public final class UserFolders {

  private UserFolders() {}

  public static Path state() {
    return folder("XDG_STATE_HOME", ".local/state");
  }

  /** Returns the folder of files that can be made again at any time. */
  public static Path cache() {
    return folder("XDG_CACHE_HOME", ".cache");
  }

  private static Path folder(String variable, String byDefault) {
    String xdg = System.getenv(variable);
    Path base =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home")).resolve(byDefault);
    return base.resolve("dimstore");
  }

  public static Path logs() {
    return state().resolve("logs");
  }
}
