/**
 * Reads of a table for tools that work on all of it: calls that are repeated while a server is
 * away, pages read ahead, and single keys with their tombstones. Free of Flink.
 */
@NullMarked
package io.dimstore.migration.store;

import org.jspecify.annotations.NullMarked;
