/**
 * A job while it runs: its counters, its restarts, and what the command that started it shows.
 *
 * <p>May depend on Flink, on the connector's metrics and, of this module, only on {@link
 * io.dimstore.jobs}.
 */
@NullMarked
package io.dimstore.jobs.run;

import org.jspecify.annotations.NullMarked;
