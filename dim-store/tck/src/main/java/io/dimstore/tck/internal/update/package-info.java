/**
 * The tests of the rules U1 and U2 about row updates; a class for each rule. May use {@code
 * fixture} and {@code harness}.
 */
@NullMarked
package io.dimstore.tck.internal.update;

import org.jspecify.annotations.NullMarked;
