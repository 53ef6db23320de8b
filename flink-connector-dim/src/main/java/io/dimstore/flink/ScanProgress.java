package io.dimstore.flink;

import java.util.List;

/**
 * How far an enumerator is.
 *
 * @param divided whether the table was divided into splits
 * @param unassigned splits that no reader has
 */
record ScanProgress(boolean divided, List<DimSplit> unassigned) {

  ScanProgress {
    unassigned = List.copyOf(unassigned);
  }
}
