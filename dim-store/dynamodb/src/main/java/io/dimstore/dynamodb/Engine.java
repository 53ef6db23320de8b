package io.dimstore.dynamodb;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the tables of one store share.
 *
 * @param requests sends requests
 * @param reads bounds the reading requests under way
 * @param writes bounds the writing ones
 * @param timer for waits between attempts
 * @param clock the time by which rows and tombstones end
 */
record Engine(
    Requests requests,
    InFlight reads,
    InFlight writes,
    ScheduledExecutorService timer,
    InstantSource clock) {}
