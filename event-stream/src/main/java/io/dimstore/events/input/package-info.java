/**
 * An input of events and dimension changes, and its reader. This package may use {@code record}.
 */
@NullMarked
package io.dimstore.events.input;

import org.jspecify.annotations.NullMarked;
