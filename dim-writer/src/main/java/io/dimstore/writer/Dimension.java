package io.dimstore.writer;

import java.io.Serializable;
import java.util.List;

/**
 * One dimension as its changes describe it. A further dimension is one more entry in {@link #ALL}
 * and the file {@code sql/writer/dim-<name>.sql}.
 *
 * @param name how people and options call it, for instance {@code user}
 * @param key the field that holds the key, a text; also the key of the Kafka record and the primary
 *     key of the table
 * @param fields the fields that an upsert carries, which are the table's value columns
 */
public record Dimension(String name, String key, List<Field> fields) implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Users: where they live and their level. */
  public static final Dimension USER =
      new Dimension(
          "user",
          "user_id",
          List.of(new Field("country", FieldType.TEXT), new Field("level", FieldType.INT)));

  /** Items: what they are and their price in minor units. */
  public static final Dimension ITEM =
      new Dimension(
          "item",
          "item_id",
          List.of(
              new Field("title", FieldType.TEXT),
              new Field("category", FieldType.TEXT),
              new Field("list_price", FieldType.BIGINT)));

  /** Every dimension there is. */
  public static final List<Dimension> ALL = List.of(USER, ITEM);

  /** Copies the list. */
  public Dimension {
    fields = List.copyOf(fields);
  }

  /**
   * The dimension of this name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
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

  /** The topic of its changes, unless another one is given. */
  public String defaultTopic() {
    return "dim-" + name + "-changes";
  }

  /** Its table in the store, unless another one is given; always its name in SQL. */
  public String defaultTable() {
    return "dim_" + name;
  }

  /** A value of the row; null is allowed, absence is not. */
  public record Field(String name, FieldType type) implements Serializable {

    private static final long serialVersionUID = 1L;
  }
}
