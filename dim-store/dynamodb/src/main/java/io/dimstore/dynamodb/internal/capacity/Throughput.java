// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.capacity;

import io.dimstore.spi.support.MovingAverage;

/**
 * The limiter and the statistics of the reads, or the writes, of a table. Thread-safe.
 *
 * @param limiter limits the rate of requests
 * @param perKey the moving average of units per key
 * @param perScanned the moving average of units per entry of a scan; it is lower, since small
 *     entries share a unit
 * @param hot reports the most requested keys
 */
public record Throughput(
    CapacityLimiter limiter, MovingAverage perKey, MovingAverage perScanned, HotKeyReport hot) {}
