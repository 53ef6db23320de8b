/**
 * The feature job. It parses events, computes their look-backs, joins them with the dimensions by
 * SQL from files, scores them by the business rules, and writes the results to Kafka and to the
 * online feature tables.
 *
 * <p>{@link io.dimstore.features.FeatureJob} and {@link io.dimstore.features.FeatureJobOptions} are
 * the programming interface. {@link io.dimstore.features.FeatureMain} is the command.
 */
@NullMarked
package io.dimstore.features;

import org.jspecify.annotations.NullMarked;
