// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the Lua files in the resource folder {@code lua}. A line {@code --#include name} is
 * replaced by the whole file of that name. Lines of comment are left out: Redis would keep them in
 * its script cache, and with them a script is too long for one write to a socket.
 */
final class LuaFiles {

  private static final String FOLDER = "/io/dimstore/hbaseredis/lua/";
  private static final String COMMENT = "--";
  private static final String INCLUDE = COMMENT + "#include ";

  private LuaFiles() {}

  /**
   * Returns the text of a file, with its includes replaced and without comments.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  static String text(String name) {
    StringBuilder text = new StringBuilder();
    read(name)
        .lines()
        .forEach(
            line -> {
              if (line.startsWith(INCLUDE)) {
                text.append(text(line.substring(INCLUDE.length())));
              } else if (!line.strip().startsWith(COMMENT)) {
                text.append(line).append('\n');
              }
            });
    return text.toString();
  }

  private static String read(String name) {
    try (InputStream file = LuaFiles.class.getResourceAsStream(FOLDER + name + ".lua")) {
      if (file == null) {
        throw new IllegalArgumentException("There is no Lua file named '" + name + "'");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
