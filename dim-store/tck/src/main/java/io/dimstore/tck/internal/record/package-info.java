/**
 * The tests of the rules S1 to S3 about shared records; a class for each rule. May use {@code
 * fixture} and {@code harness}.
 */
@NullMarked
package io.dimstore.tck.internal.record;

import org.jspecify.annotations.NullMarked;
