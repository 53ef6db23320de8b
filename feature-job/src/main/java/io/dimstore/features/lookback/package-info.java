/**
 * The look-back: the aggregates of a user's events in the windows that end at each event. A short
 * history is one state entry ({@code UserHistory}), a long one a tree of entries ({@code
 * EventTree}). This package may use {@code input}.
 */
@NullMarked
package io.dimstore.features.lookback;

import org.jspecify.annotations.NullMarked;
