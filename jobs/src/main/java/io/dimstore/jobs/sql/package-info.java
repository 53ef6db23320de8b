/**
 * SQL files: their variables, their statements, the tables that they declare, and their secrets.
 *
 * <p>May depend on the connector, on Flink and, of this module, only on {@link io.dimstore.jobs}.
 */
@NullMarked
package io.dimstore.jobs.sql;

import org.jspecify.annotations.NullMarked;
