/**
 * The input, the rows that the oracle expects of it, and the comparison of an arm's rows with them.
 * This package uses no other package below {@code compare}.
 */
@NullMarked
package io.dimstore.bench.compare.oracle;

import org.jspecify.annotations.NullMarked;
