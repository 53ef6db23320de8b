/**
 * The load on a subject: seeded rows, and the ways to send requests. A {@link
 * io.dimstore.bench.workload.ClosedLoop} keeps a number of calls in flight and measures capacity.
 * An {@link io.dimstore.bench.workload.OpenLoop} follows a schedule and measures latency.
 */
@NullMarked
package io.dimstore.bench.workload;

import org.jspecify.annotations.NullMarked;
