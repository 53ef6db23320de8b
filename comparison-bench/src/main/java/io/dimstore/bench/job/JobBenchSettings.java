// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.job;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.events.input.EventInput;
import io.dimstore.stack.StackOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one measurement.
 *
 * @param arms the arms with Flink; the arm without it always runs
 * @param servers the servers of the arms, and Kafka
 * @param warmUp how many events each arm processes before those of the input, at most
 * @param rounds number of measured blocks per arm
 * @param linger how long a producer waits for further rows
 * @param seed of the order of the arms in each round and of the intervals
 * @param flameGraphs folder for a flame graph of each arm, or null for none
 */
record JobBenchSettings(
    EventInput input,
    List<Arm> arms,
    StackOptions servers,
    int warmUp,
    int rounds,
    int parallelism,
    Duration linger,
    long seed,
    @Nullable Path flameGraphs) {

  /** Returns how many events of the input come before the first measured block. */
  int unmeasured(int events) {
    return events - perBlock(events) * rounds;
  }

  /** Returns the number of events in a block. */
  int perBlock(int events) {
    return events / rounds;
  }
}
