// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;

/**
 * The type of a column, named after its SQL type. The classes of the values are listed in the
 * package description. Immutable; equality is by content.
 */
public sealed interface DataType {

  /** Types without parameters. */
  enum Simple implements DataType {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INT,
    BIGINT,
    FLOAT,
    DOUBLE,
    DATE,
    INTERVAL_YEAR_MONTH,
    INTERVAL_DAY_TIME
  }

  /** DECIMAL(precision, scale), precision 1 to 38, scale 0 to precision. */
  record Decimal(int precision, int scale) implements DataType {
    @Override
    public String toString() {
      return "DECIMAL(" + precision + ", " + scale + ")";
    }
  }

  /** CHAR, VARCHAR and STRING. A store keeps text of any length; only SQL checks lengths. */
  record Text() implements DataType {
    @Override
    public String toString() {
      return "STRING";
    }
  }

  /** BINARY, VARBINARY and BYTES of any length. */
  record Binary() implements DataType {
    @Override
    public String toString() {
      return "BYTES";
    }
  }

  /** TIME(precision), precision 0 to 9 digits of a second. */
  record Time(int precision) implements DataType {
    @Override
    public String toString() {
      return "TIME(" + precision + ")";
    }
  }

  /** TIMESTAMP(precision) without time zone, precision 0 to 9 digits of a second. */
  record Timestamp(int precision) implements DataType {
    @Override
    public String toString() {
      return "TIMESTAMP(" + precision + ")";
    }
  }

  /** TIMESTAMP_LTZ(precision): a point in time, precision 0 to 9 digits of a second. */
  record TimestampLtz(int precision) implements DataType {
    @Override
    public String toString() {
      return "TIMESTAMP_LTZ(" + precision + ")";
    }
  }

  /** ARRAY of elements, which may be null. */
  record Array(DataType element) implements DataType {
    @Override
    public String toString() {
      return "ARRAY<" + element + ">";
    }
  }

  /** MULTISET of elements, one of which may be null. */
  record Multiset(DataType element) implements DataType {
    @Override
    public String toString() {
      return "MULTISET<" + element + ">";
    }
  }

  /** MAP; a key or value may be null. */
  record MapOf(DataType key, DataType value) implements DataType {
    @Override
    public String toString() {
      return "MAP<" + key + ", " + value + ">";
    }
  }

  /** ROW with named fields, each of which may be null. */
  record RowOf(List<Column> fields) implements DataType {
    /** Copies the list. */
    public RowOf {
      fields = List.copyOf(fields);
    }

    @Override
    public String toString() {
      return "ROW"
          + fields.stream()
              .map(f -> f.name() + " " + f.type())
              .collect(java.util.stream.Collectors.joining(", ", "<", ">"));
    }
  }

  /** STRING. */
  @SuppressWarnings("ClassInitializationDeadlock") // Only these constants create the class.
  DataType STRING = new Text();

  /** BYTES. */
  @SuppressWarnings("ClassInitializationDeadlock") // Only these constants create the class.
  DataType BYTES = new Binary();

  /** Returns whether key columns can have this type: true for all but the nested types. */
  default boolean isAtomic() {
    return !(this instanceof Array
        || this instanceof Multiset
        || this instanceof MapOf
        || this instanceof RowOf);
  }
}
