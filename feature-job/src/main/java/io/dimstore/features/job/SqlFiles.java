// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.job;

import io.dimstore.jobs.sql.Dimensions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Locates the SQL files on the class path. A file of the variant replaces the common file of the
 * same name.
 */
final class SqlFiles {

  static final ClassLoader CLASS_PATH = SqlFiles.class.getClassLoader();

  private static final String DIMENSIONS = "dimensions.sql";

  private final @Nullable String variant;

  /**
   * Creates the locations of the SQL files.
   *
   * @param variant a folder under {@code sql/}, or null for the common files only
   * @throws IllegalArgumentException if there is no such variant
   */
  SqlFiles(@Nullable String variant) {
    this.variant = variant;
    if (variant != null && replaceable().stream().noneMatch(this::isReplaced)) {
      throw new IllegalArgumentException(
          "there is no SQL variant '"
              + variant
              + "': a variant is a folder sql/"
              + variant
              + " on the class path that holds at least one of "
              + String.join(", ", replaceable()));
    }
  }

  /** Returns the path of a file from the root of the class path. */
  String path(String file) {
    return isReplaced(file) ? ofVariant(file) : "sql/" + file;
  }

  /** Returns the files that declare the dimensions. */
  String[] dimensions() {
    return isReplaced(DIMENSIONS)
        ? new String[] {ofVariant(DIMENSIONS)}
        : Dimensions.files().toArray(String[]::new);
  }

  private boolean isReplaced(String file) {
    return variant != null && CLASS_PATH.getResource(ofVariant(file)) != null;
  }

  private String ofVariant(String file) {
    return "sql/" + variant + "/" + file;
  }

  private static List<String> replaceable() {
    List<String> files = new ArrayList<>(List.of(DIMENSIONS, FeatureSql.ENRICHED));
    for (Result result : Result.values()) {
      files.addAll(result.files());
    }
    return files;
  }
}
