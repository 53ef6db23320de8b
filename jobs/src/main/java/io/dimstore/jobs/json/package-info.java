// SPDX-License-Identifier: Apache-2.0
/**
 * The format {@code streaming-json}, for the rows that a job writes.
 *
 * <p>May depend on Flink's formats and data structures, and on Jackson's streaming generator.
 */
@NullMarked
package io.dimstore.jobs.json;

import org.jspecify.annotations.NullMarked;
