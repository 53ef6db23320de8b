// SPDX-License-Identifier: Apache-2.0
package io.dimstore.flink.internal.source;

import java.util.List;

/**
 * The progress of an enumerator.
 *
 * @param divided whether the table was divided into splits
 * @param unassigned splits that are not assigned to a reader
 */
record ScanProgress(boolean divided, List<DimSplit> unassigned) {

  ScanProgress {
    unassigned = List.copyOf(unassigned);
  }
}
