/** Copies an input to a sink: as fast as possible, at a rate, or along event time. */
@NullMarked
package io.dimstore.events.transfer;

import org.jspecify.annotations.NullMarked;
