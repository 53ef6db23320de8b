/**
 * The feature job: events are parsed, given their look-backs, joined with the dimensions by SQL
 * from files, scored by the business rules and sent to Kafka and to the online feature tables.
 *
 * <p>{@link io.dimstore.features.FeatureJob} and {@link io.dimstore.features.FeatureJobOptions} are
 * the programming interface, {@link io.dimstore.features.FeatureMain} the command.
 */
@NullMarked
package io.dimstore.features;

import org.jspecify.annotations.NullMarked;
