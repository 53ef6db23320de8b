/**
 * The topics of a job: checks before the job starts, and the table connector {@code
 * kafka-lossless}, which never skips records silently.
 */
@NullMarked
package io.dimstore.jobs.kafka;

import org.jspecify.annotations.NullMarked;
