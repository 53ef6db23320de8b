/**
 * The tests of the rules M1 to M4 about repair, comparison and purge; a class for each rule. May
 * use {@code fixture} and {@code harness}.
 */
@NullMarked
package io.dimstore.tck.internal.maintenance;

import org.jspecify.annotations.NullMarked;
