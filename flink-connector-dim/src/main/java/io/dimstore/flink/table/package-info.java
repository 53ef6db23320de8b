/**
 * The factory that Flink's service loader finds. Its name is public API, because jars that are
 * merged for a job have to keep it in their service file.
 */
@NullMarked
package io.dimstore.flink.table;

import org.jspecify.annotations.NullMarked;
