package io.dimstore.features;

import org.jspecify.annotations.Nullable;

/** Where the SQL files are on the class path: a variant's file stands for the common one. */
final class SqlFiles {

  static final ClassLoader CLASS_PATH = SqlFiles.class.getClassLoader();

  private final @Nullable String variant;

  /**
   * Files.
   *
   * @param variant a folder under {@code sql/}, or null for the common files alone
   * @throws IllegalArgumentException if there is no such variant
   */
  SqlFiles(@Nullable String variant) {
    this.variant = variant;
    if (variant != null && !isThere("sql/" + variant + "/dimensions.sql")) {
      throw new IllegalArgumentException(
          "there is no SQL variant '"
              + variant
              + "': a variant is a folder sql/"
              + variant
              + " on the class path that holds at least dimensions.sql");
    }
  }

  /** The path of a file from the root of the class path. */
  String path(String file) {
    String ofVariant = "sql/" + variant + "/" + file;
    return variant != null && isThere(ofVariant) ? ofVariant : "sql/" + file;
  }

  private static boolean isThere(String path) {
    return CLASS_PATH.getResource(path) != null;
  }
}
