// SPDX-License-Identifier: Apache-2.0
package io.dimstore.features.input;

/**
 * An event that satisfies every rule of the event topic.
 *
 * @param quantity pieces, at least 0
 * @param amount minor units, at least 0
 * @param timeMillis event time, milliseconds since 1970, at least 0
 */
public record ParsedEvent(
    String eventId,
    String userId,
    String itemId,
    EventKind kind,
    long quantity,
    long amount,
    long timeMillis) {}
