package io.dimstore.stack;

import java.nio.file.Path;

/**
 * Where this user's state lies: {@code $XDG_STATE_HOME/dimstore}, else {@code
 * ~/.local/state/dimstore}.
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
