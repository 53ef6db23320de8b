/**
 * Runs a scenario under many interleavings of its threads, and the same scenario against a class
 * with a race planted into it, which has to be found. Lincheck's model checker chooses the
 * interleavings.
 */
@NullMarked
package io.dimstore.interleavings;

import org.jspecify.annotations.NullMarked;
