// SPDX-License-Identifier: Apache-2.0
/** Flame graphs of the CPU samples of a recording. */
@NullMarked
package io.dimstore.bench.job.flame;

import org.jspecify.annotations.NullMarked;
