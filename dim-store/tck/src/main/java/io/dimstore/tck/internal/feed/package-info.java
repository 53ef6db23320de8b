/**
 * The tests of the rules F1 to F5 about change feeds; a class for each rule. May use {@code
 * fixture} and {@code harness}.
 */
@NullMarked
package io.dimstore.tck.internal.feed;

import org.jspecify.annotations.NullMarked;
