// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.verify;

import io.dimstore.spi.Key;
import io.dimstore.spi.Maintenance;
import java.util.List;
import java.util.Map;

/**
 * The comparison of a table's copies with its system of record, such as Redis with HBase. {@code
 * examined} is the sum of {@code inStep}, {@code notCopied}, {@code changed}, {@code outdated} and
 * {@code different}.
 *
 * @param examined keys that were compared
 * @param inStep keys whose copy equals the system of record
 * @param notCopied keys that have no copy
 * @param changed keys that were written each time they were compared
 * @param outdated keys whose copy differed at first, and no longer after {@code settleMillis}: a
 *     writer that does not know the copies had changed the row
 * @param differences keys whose copy differs, by kind
 * @param different all keys whose copy differs
 * @param examples some of them
 * @param settleMillis how long an outdated copy may be read, after which a copy that differed was
 *     compared again; 0 if none was
 */
public record CopyCheck(
    long examined,
    long inStep,
    long notCopied,
    long changed,
    long outdated,
    Map<Maintenance.Difference.Kind, Long> differences,
    long different,
    List<Example> examples,
    long settleMillis) {

  /** A key whose copy differs. */
  public record Example(String key, Maintenance.Difference.Kind kind) {

    static Example of(Key key, Maintenance.Difference.Kind kind) {
      return new Example(key.toString(), kind);
    }
  }
}
