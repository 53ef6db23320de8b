// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.checkpoint;

import io.dimstore.bench.compare.arm.Arm;
import io.dimstore.stack.StackOptions;
import java.time.Duration;
import java.util.List;

/**
 * The settings of one measurement.
 *
 * @param backends the backends, one after the other
 * @param arm the arm whose store the job uses; it needs no server
 * @param servers Kafka
 * @param users number of users in the state
 * @param eventsPerUser number of events that each has before the first measured block
 * @param perSecond events per second while checkpoints are measured
 * @param block duration of a measured block
 * @param rounds number of blocks with a checkpoint, and of those without
 * @param parallelism of all operators of the job
 * @param seed of everything that is drawn at random
 */
record CheckpointBenchSettings(
    List<Backend> backends,
    Arm arm,
    StackOptions servers,
    int users,
    int eventsPerUser,
    double perSecond,
    Duration block,
    int rounds,
    int parallelism,
    long seed) {

  /** Returns the number of events in a block. */
  int perBlock() {
    return Math.max(1, (int) (perSecond * block.toMillis() / 1e3));
  }
}
