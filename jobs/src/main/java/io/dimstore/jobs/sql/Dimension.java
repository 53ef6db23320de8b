// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.sql;

import io.dimstore.spi.Column;
import io.dimstore.spi.TableSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dimension. The file {@code sql/jobs/dim-<name>.sql} declares its table; no other code states
 * its columns, except the change messages and the oracle, which must stay independent. A further
 * dimension is one more file and one more entry in {@link #ALL}.
 *
 * @param name the name in options and topics, for instance {@code user}
 * @param table the table as the file declares it, under its name in SQL, with one key column
 */
public record Dimension(String name, TableSpec table) {

  private static final Pattern TABLE =
      Pattern.compile(
          "CREATE TEMPORARY TABLE (\\w+) \\((.*),\\s*PRIMARY KEY \\((\\w+)\\)", Pattern.DOTALL);

  /** Users, with country and level. */
  public static final Dimension USER = declared("user");

  /** Items, with title, category and the list price in minor units. */
  public static final Dimension ITEM = declared("item");

  /** All dimensions. */
  public static final List<Dimension> ALL = List.of(USER, ITEM);

  /**
   * Returns the dimension of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Dimension named(String name) {
    return ALL.stream()
        .filter(dimension -> dimension.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no dimension '"
                        + name
                        + "'; there are: "
                        + String.join(", ", ALL.stream().map(Dimension::name).toList())));
  }

  /** Returns the file that declares the table, on the class path. */
  public String file() {
    return file(name);
  }

  /** Returns the name of the column that holds the key, which is also the key of a Kafka record. */
  public String key() {
    return table.keyColumns().get(0);
  }

  /** Returns the columns that an upsert carries beside the key. */
  public List<Column> values() {
    return table.values();
  }

  /** Returns the topic of the changes, unless another one is given. */
  public String defaultTopic() {
    return "dim-" + name + "-changes";
  }

  /** Returns the table's name in SQL, which is its name in the store unless another is given. */
  public String defaultTable() {
    return table.name();
  }

  /** Returns the table under another name in the store, with options of its own. */
  public TableSpec storedAs(String other, Map<String, String> options) {
    return new TableSpec(other, table.columns(), table.keyColumns(), options);
  }

  private static String file(String name) {
    return "sql/jobs/dim-" + name + ".sql";
  }

  private static Dimension declared(String name) {
    Matcher declaration = TABLE.matcher(text(file(name)));
    if (!declaration.find()) {
      throw new IllegalStateException(file(name) + " declares no table with a primary key");
    }
    return new Dimension(
        name,
        new TableSpec(
            declaration.group(1),
            SqlColumns.parse(declaration.group(2)),
            List.of(declaration.group(3))));
  }

  private static String text(String file) {
    try (InputStream in = Dimension.class.getClassLoader().getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
