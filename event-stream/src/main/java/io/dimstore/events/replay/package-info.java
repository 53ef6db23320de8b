/**
 * Real files and their mapping to events and dimension changes. {@code docs/event-stream.md}
 * describes each format. This package may use {@code input} and {@code record}.
 */
@NullMarked
package io.dimstore.events.replay;

import org.jspecify.annotations.NullMarked;
