package io.dimstore.features;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The SQL files on the class path, where a variant's file takes the place of the common one. */
final class SqlFiles {

  private final @Nullable String variant;

  /**
   * Files.
   *
   * @param variant a folder under {@code sql/}, or null for the common files alone
   * @throws IllegalArgumentException if there is no such variant
   */
  SqlFiles(@Nullable String variant) {
    this.variant = variant;
    if (variant != null && read("sql/" + variant + "/dimensions.sql") == null) {
      throw new IllegalArgumentException(
          "there is no SQL variant '"
              + variant
              + "': a variant is a folder sql/"
              + variant
              + " on the class path that holds at least dimensions.sql");
    }
  }

  /** The text of a file. */
  String text(String file) {
    String text = variant == null ? null : read("sql/" + variant + "/" + file);
    if (text == null) {
      text = read("sql/" + file);
    }
    if (text == null) {
      throw new IllegalStateException("sql/" + file + " is not on the class path");
    }
    return text;
  }

  private static @Nullable String read(String resource) {
    try (InputStream in = SqlFiles.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }
}
