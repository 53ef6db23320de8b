/**
 * What a benchmark measures: subjects that do the same work in blocks, and the check that they
 * really did it.
 */
@NullMarked
package io.dimstore.bench.subject;

import org.jspecify.annotations.NullMarked;
