/**
 * Two stores as one, for a migration: the side {@code from} and the side {@code to}. Which side
 * decides, whether the other one is written too, and which share of the reads it answers is the
 * {@link io.dimstore.mirror.control.MirrorMode} of each table, which changes while jobs run.
 */
@NullMarked
package io.dimstore.mirror;

import org.jspecify.annotations.NullMarked;
