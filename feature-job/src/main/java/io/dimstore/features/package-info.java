/**
 * The command {@code feature}. The feature job parses events, computes their look-backs, joins them
 * with the dimensions by SQL from files, scores them by the business rules, and writes the results
 * to Kafka and to the online feature tables.
 *
 * <p>{@link io.dimstore.features.job.FeatureJob} and {@link
 * io.dimstore.features.job.FeatureJobOptions} are the programming interface. {@link
 * io.dimstore.features.FeatureMain} is the command.
 *
 * <p>The packages are layers. Each may use the ones after it:
 *
 * <ol>
 *   <li>this package: the command
 *   <li>{@code job}: the job, planned from SQL files
 *   <li>{@code lookback}, {@code rules}: the look-back of each event over its user's history; the
 *       business rules as SQL functions; neither uses the other
 *   <li>{@code input}: parsing of events, and the records that become dead letters
 * </ol>
 *
 * <p>{@code oracle} computes the expected results and uses no other package.
 */
@NullMarked
package io.dimstore.features;

import org.jspecify.annotations.NullMarked;
