/**
 * The tests of the rules C1 and C2 about stored changes; a class for each rule. May use {@code
 * fixture} and {@code harness}.
 */
@NullMarked
package io.dimstore.tck.internal.stored;

import org.jspecify.annotations.NullMarked;
