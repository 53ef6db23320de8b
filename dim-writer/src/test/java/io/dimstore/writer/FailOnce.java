// SPDX-License-Identifier: Apache-2.0
package io.dimstore.writer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.types.Row;

/** Fails once when two checkpoints are complete, in runs that registered in {@link #failures}. */
final class FailOnce extends RichMapFunction<Row, Row> implements CheckpointListener {

  private static final long serialVersionUID = 1L;

  /** Counts the failures of each run, by its name. */
  static final Map<String, Integer> failures = new ConcurrentHashMap<>();

  private final String run;
  private int checkpoints;
  private int recordsSince;

  FailOnce(String run) {
    this.run = run;
  }

  @Override
  public Row map(Row row) {
    if (checkpoints >= 2 && ++recordsSince == 20 && failures.replace(run, 0, 1)) {
      throw new IllegalStateException("fails on purpose, in the middle between two checkpoints");
    }
    return row;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) {
    checkpoints++;
  }
}
