/**
 * {@code bench checkpoint}: what checkpoints of the feature job cost when it knows many users, on
 * each of Flink's state backends.
 */
@NullMarked
package io.dimstore.bench.checkpoint;

import org.jspecify.annotations.NullMarked;
