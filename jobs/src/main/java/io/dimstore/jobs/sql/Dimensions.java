// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.jobs.FailureText;
import io.dimstore.spi.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.table.api.SqlParserException;
import org.apache.flink.table.api.ValidationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads dimensions from the files of SQL that declare them. Needs a planner on the class path.
 *
 * <p>The built-in dimensions are such files as well. The file {@code sql/jobs/dimensions} lists
 * them.
 */
public final class Dimensions {

  private static final String FOLDER = "sql/jobs/";
  private static final String INDEX = FOLDER + "dimensions";

  private static final Pattern POSITION = Pattern.compile("line \\d+, column \\d+");

  private Dimensions() {}

  /** Reads the built-in dimensions once, when they are first needed. */
  private static final class BuiltIn {

    static final List<Dimension> ALL =
        files().stream()
            .flatMap(file -> DeclaredTables.read(file, resource(file)).stream())
            .toList();
  }

  /** Returns the files of the built-in dimensions, as paths on the class path. */
  public static List<String> files() {
    return resource(INDEX).lines().filter(line -> !line.isBlank()).map(FOLDER::concat).toList();
  }

  /** Returns the built-in dimensions. */
  public static List<Dimension> builtIn() {
    return BuiltIn.ALL;
  }

  /**
   * Returns the built-in dimension of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Dimension builtIn(String name) {
    return named(name, builtIn());
  }

  /**
   * Returns the dimensions that a file declares, in order of their tables' names.
   *
   * @throws IllegalArgumentException if the file cannot be read, is not valid SQL, declares no
   *     table of the connector, or two for one dimension; the message names the file and says what
   *     to change
   */
  public static List<Dimension> in(Path file) {
    String sql;
    try {
      sql = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "'" + file + "': must be a file that can be read (" + e + ")", e);
    }
    List<Dimension> found;
    try {
      found = DeclaredTables.read(file.toString(), sql);
    } catch (SqlParserException e) {
      String shown = withoutSecrets(sql, e);
      throw shown == null
          ? new IllegalArgumentException("'" + file + "': " + text(e), e)
          : new IllegalArgumentException("'" + file + "': " + shown);
    } catch (Exception e) {
      // Reading needs no server, so every failure means that the text is wrong. Flink has many
      // classes for such failures, some of them in the planner's own class loader.
      throw new IllegalArgumentException("'" + file + "': " + text(e), e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + file + "': must create a table of 'connector' = 'dim'");
    }
    Map<String, String> tables = new HashMap<>();
    for (Dimension dimension : found) {
      String other = tables.put(dimension.name(), dimension.defaultTable());
      if (other != null) {
        throw new IllegalArgumentException(
            "'%s': tables '%s' and '%s' are both the dimension '%s': give one of them another name"
                .formatted(file, other, dimension.defaultTable(), dimension.name()));
      }
    }
    return found;
  }

  /**
   * Returns the tables of the connector that the SQL of a job declares, each in its store.
   *
   * @throws ValidationException if the text is not valid SQL, or for a declaration that the
   *     connector refuses; the message says what to change, and shows no secret of the text
   */
  public static List<StoreTable> stored(String sql) {
    try {
      return DeclaredTables.read("the SQL of the job", sql).stream()
          .map(Dimension::stored)
          .toList();
    } catch (SqlParserException e) {
      String shown = withoutSecrets(sql, e);
      throw shown == null
          ? new ValidationException("The SQL of the job: " + text(e), e)
          : new ValidationException("The SQL of the job: " + shown);
    }
  }

  /**
   * Returns the dimension of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Dimension named(String name, List<Dimension> among) {
    return among.stream()
        .filter(dimension -> dimension.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no dimension '"
                        + name
                        + "'; there are: "
                        + String.join(", ", among.stream().map(Dimension::name).toList())));
  }

  /**
   * Returns one line about a failure. If a store or the catalog caused it, the cause is shown. Any
   * other cause says less than the failure's own message, and is left out.
   */
  private static String text(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    boolean ofCause =
        StoreException.find(failure) != null || message.startsWith("Could not execute ");
    return FailureText.inOneLine(ofCause ? failure : new IllegalArgumentException(message));
  }

  /**
   * Returns a message about SQL that is not valid, with nothing of its text but the position; null
   * if the text has no secret option. A parser's own message, and that of its cause, quote the
   * text.
   */
  private static @Nullable String withoutSecrets(String sql, SqlParserException failure) {
    if (!SqlScript.mayHoldSecrets(sql)) {
      return null;
    }
    Matcher position = POSITION.matcher(String.valueOf(failure.getMessage()));
    String last = "the end"; // the last one: a quoted text may contain another
    while (position.find()) {
      last = position.group();
    }
    return "SQL parse failed. The text is not shown because it may be a secret: see " + last;
  }

  private static String resource(String file) {
    try (InputStream in = Dimensions.class.getClassLoader().getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
