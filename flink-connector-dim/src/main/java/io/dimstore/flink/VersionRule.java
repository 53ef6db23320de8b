package io.dimstore.flink;

import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.Versions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.BigIntType;

/** What gives each change its version. */
@FunctionalInterface
interface VersionRule {

  /**
   * The version of a change.
   *
   * @throws StoreException INVALID, naming the key, where the row has none
   */
  long versionOf(RowData row, Key key);

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

  /**
   * The rule of a table.
   *
   * @param metadataPosition position of the {@code version} metadata column, if that is the source
   */
  static VersionRule of(DimTable table, Source source, int metadataPosition) {
    Integer column = table.versionColumn();
    if (source == Source.COLUMN && column != null) {
      String name = table.layout().names().get(column);
      return of(
          EpochMillis.at(column, table.layout().types().get(column)), "column '" + name + "'");
    }
    if (source == Source.METADATA) {
      return of(EpochMillis.at(metadataPosition, new BigIntType()), "metadata column 'version'");
    }
    return (row, key) -> Arrival.next();
  }

  private static VersionRule of(EpochMillis reader, String where) {
    return (row, key) -> {
      Long version = reader.read(row);
      if (version == null || !Versions.isValid(version)) {
        throw StoreException.invalid(
            "key "
                + key
                + ": the version in "
                + where
                + " is "
                + (version == null ? "null" : version + ", outside 0 to " + Versions.MAX),
            List.of(key));
      }
      return version;
    };
  }

  /** Versions that rise strictly within the process, near its clock. */
  final class Arrival {

    private static final AtomicLong LAST = new AtomicLong();

    private Arrival() {}

    static long next() {
      return LAST.updateAndGet(last -> Versions.next(System.currentTimeMillis(), last));
    }
  }
}
