// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import java.util.Locale;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;

/** Where the job keeps its state. */
enum Backend {
  /** Flink's {@code hashmap}: objects on the heap. Each checkpoint writes all of them. */
  HEAP("hashmap", false),
  /** RocksDB, on disk. A checkpoint writes the files that the one before it did not have. */
  ROCKSDB("rocksdb", true);

  private final String flinkName;
  private final boolean incremental;

  Backend(String flinkName, boolean incremental) {
    this.flinkName = flinkName;
    this.incremental = incremental;
  }

  /** Returns the name in options and results. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Backend ofText(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** Sets Flink's options. */
  void applyTo(Configuration configuration) {
    configuration.set(StateBackendOptions.STATE_BACKEND, flinkName);
    configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, incremental);
  }
}
