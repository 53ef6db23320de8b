package io.dimstore.flink;

import io.dimstore.spi.Key;
import io.dimstore.spi.Versions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;

/** What gives each change its version. */
@FunctionalInterface
interface VersionRule {

  /**
   * Returns the version of a change.
   *
   * @throws RefusedRow naming the key, where the row has none
   */
  long versionOf(RowData row, Key key) throws RefusedRow;

  /** Where versions come from. */
  enum Source {
    COLUMN,
    METADATA,
    ARRIVAL
  }

  /**
   * The one source that the table declares.
   *
   * @param metadata whether the sink is given a {@code version} metadata column
   * @throws ValidationException unless there is exactly one
   */
  static Source sourceOf(String name, DimTable table, boolean metadata) {
    boolean column = table.versionColumn() != null;
    if (metadata && (column || table.arrivalVersions())) {
      throw new ValidationException(
          "Table '"
              + name
              + "' has a metadata column 'version' and also the option '"
              + (column ? "version.column" : "version")
              + "'. Remedy: remove the option, or declare the column METADATA VIRTUAL.");
    }
    if (metadata) {
      return Source.METADATA;
    }
    if (column) {
      return Source.COLUMN;
    }
    if (table.arrivalVersions()) {
      return Source.ARRIVAL;
    }
    throw new ValidationException(
        "Table '"
            + name
            + "' is written to, and nothing orders the changes of a key. Remedy: name a column with"
            + " 'version.column', or declare a column `version` BIGINT METADATA, or set 'version' ="
            + " 'arrival' if the order of arrival is all there is.");
  }

  /** The versions that rows bring along; a row without one is refused. */
  static VersionRule of(RowVersions versions) {
    return (row, key) -> {
      Long version = versions.read(row);
      if (version == null) {
        throw new RefusedRow(
            RefusedRow.Reason.NULL_VERSION,
            "key " + key + ": the version in " + versions.where() + " is null");
      }
      if (!Versions.isValid(version)) {
        throw new RefusedRow(
            RefusedRow.Reason.VERSION_OUT_OF_RANGE,
            "key "
                + key
                + ": the version in "
                + versions.where()
                + " is "
                + version
                + ", outside 0 to "
                + Versions.MAX);
      }
      return version;
    };
  }
}
