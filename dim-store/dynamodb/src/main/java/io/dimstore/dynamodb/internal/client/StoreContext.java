// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.client;

import io.dimstore.dynamodb.internal.capacity.ConcurrencyLimiter;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The services that the tables of one store share.
 *
 * @param requests sends requests
 * @param reads limits the lookups and scans in flight
 * @param writes limits the writes in flight
 * @param timer for waits between attempts
 * @param clock the time by which rows expire and the retention of tombstones begins
 */
public record StoreContext(
    Requests requests,
    ConcurrencyLimiter reads,
    ConcurrencyLimiter writes,
    ScheduledExecutorService timer,
    InstantSource clock) {}
