/**
 * The arm without Flink: what the feature job's work takes in plain Java. It reads events from
 * Kafka, parses them, computes look-backs, looks dimensions up in a hash map, applies the rules and
 * writes both rows to Kafka as JSON, with the classes of the feature job wherever these are free of
 * Flink's runtime. It has no checkpoints and writes no online tables.
 */
@NullMarked
package io.dimstore.bench.job.plain;

import org.jspecify.annotations.NullMarked;
