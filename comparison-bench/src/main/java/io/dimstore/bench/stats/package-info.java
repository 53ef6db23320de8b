/**
 * Statistics over repeated measurements: a median with its confidence interval, and the verdict on
 * whether it meets a target. A result without an interval is not compared with anything.
 */
@NullMarked
package io.dimstore.bench.stats;

import org.jspecify.annotations.NullMarked;
