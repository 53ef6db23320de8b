/**
 * Runs a comparison: reads the input, starts the servers, runs one arm after the other and checks
 * their rows. This is the parent process. May use the other packages below {@code compare}.
 */
@NullMarked
package io.dimstore.bench.compare.run;

import org.jspecify.annotations.NullMarked;
