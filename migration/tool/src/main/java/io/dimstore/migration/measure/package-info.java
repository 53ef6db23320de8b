// SPDX-License-Identifier: Apache-2.0
/**
 * Measures lookups of both stores of a migration in interleaved blocks: their latency, the requests
 * that were throttled, and the units that were consumed. Needs neither Flink nor a command line.
 */
@NullMarked
package io.dimstore.migration.measure;

import org.jspecify.annotations.NullMarked;
