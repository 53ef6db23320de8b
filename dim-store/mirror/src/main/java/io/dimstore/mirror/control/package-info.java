/**
 * What a mirror and the tools that control it share: the mode of a table, the counts of shadow
 * reads, and the writes that are pending for the other side. The names and formats of the records
 * are in {@code docs/storage-format.md}.
 */
@NullMarked
package io.dimstore.mirror.control;

import org.jspecify.annotations.NullMarked;
