// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.sink.order;

import io.dimstore.flink.internal.sink.deadletter.RefusedRow;
import io.dimstore.flink.internal.store.DimTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.Versions;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;

/** Determines the version of each change. */
@FunctionalInterface
public interface VersionRule {

  /**
   * Returns the version of a change.
   *
   * @throws RefusedRow if the row has no version; the message names the key
   */
  long versionOf(RowData row, Key key) throws RefusedRow;

  /** The sources of versions. */
  enum Source {
    COLUMN,
    METADATA,
    ARRIVAL
  }

  /**
   * Returns the one source that the table declares.
   *
   * @param metadata whether the query writes the {@code version} metadata column
   * @throws ValidationException unless there is exactly one source
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
            + "' has a sink, but nothing orders the changes of a key. Remedy: name a column with"
            + " 'version.column', or declare a column `version` BIGINT METADATA, or, if only the"
            + " order of arrival orders the changes, set 'version' = 'arrival'.");
  }

  /** Returns a rule that reads the version from the row and refuses a row without one. */
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
