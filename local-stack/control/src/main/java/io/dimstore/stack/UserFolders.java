// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import java.nio.file.Path;

/**
 * Locates this user's state folder: {@code $XDG_STATE_HOME/dimstore}, or {@code
 * ~/.local/state/dimstore} if the variable is not set.
 */
final class UserFolders {

  private UserFolders() {}

  static Path state() {
    String xdg = System.getenv("XDG_STATE_HOME");
    Path base =
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return base.resolve("dimstore");
  }

  static Path logs() {
    return state().resolve("logs");
  }
}
