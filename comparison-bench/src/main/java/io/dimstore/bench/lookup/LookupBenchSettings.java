// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.lookup;

import io.dimstore.bench.lookup.arm.LookupArm;
import io.dimstore.stack.StackOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The settings of one measurement.
 *
 * @param arms the arms, in the order of the results
 * @param servers the ids of the servers that the arms call
 * @param dynamoDb chooses the DynamoDB server
 * @param rows rows of the table
 * @param exponent of the Zipf distribution of the keys; 0 is the uniform one
 * @param misses share of the events whose key has no row
 * @param roundTrip what the delay line before each server adds to a round trip; 0 without one
 * @param warmUp the least time for which each arm runs before it is measured
 * @param block about how long a measured block takes
 * @param rounds number of measured blocks of each arm
 * @param inFlight the most lookups that a subtask of an asynchronous arm has in flight
 * @param cachedRows the most rows that an arm with a cache keeps: about so many in the process for
 *     dimstore, so many in each subtask for the others
 * @param seed of everything that is drawn at random
 */
record LookupBenchSettings(
    List<LookupArm> arms,
    Set<String> servers,
    UnaryOperator<StackOptions> dynamoDb,
    int rows,
    double exponent,
    double misses,
    Duration roundTrip,
    Duration warmUp,
    Duration block,
    int rounds,
    int parallelism,
    int inFlight,
    int cachedRows,
    long seed) {}
