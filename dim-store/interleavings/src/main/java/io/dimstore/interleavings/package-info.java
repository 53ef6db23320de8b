/**
 * Runs a scenario under many interleavings of its threads, which Lincheck's model checker chooses.
 * Also runs the scenario against a class with a planted race, to check that the scenario finds it.
 */
@NullMarked
package io.dimstore.interleavings;

import org.jspecify.annotations.NullMarked;
