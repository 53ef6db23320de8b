package io.dimstore.bench;

import io.dimstore.events.EventInput;
import java.nio.file.Path;
import java.util.List;

/**
 * One comparison as it was asked for.
 *
 * @param profile the name of the profile that sized it
 * @param pacedEvents the last this many events are sent at a pace, to measure latency; fewer where
 *     the input has fewer than twice as many
 * @param pacedPerSecond that pace
 */
record CompareSettings(
    String profile,
    EventInput input,
    List<Arm> arms,
    Path out,
    long seed,
    int parallelism,
    int pacedEvents,
    int pacedPerSecond) {}
