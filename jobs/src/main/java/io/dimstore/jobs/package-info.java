/**
 * The common parts of the Flink jobs of dimstore.
 *
 * <p>This package formats failures. The packages below may depend on it, but not on each other.
 */
@NullMarked
package io.dimstore.jobs;

import org.jspecify.annotations.NullMarked;
