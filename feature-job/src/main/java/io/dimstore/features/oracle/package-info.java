/**
 * An independent implementation of the feature job's expected output. It is slow and simple, shares
 * no code with the job, and follows the text of {@code docs/features.md}. The entry point is {@link
 * io.dimstore.features.oracle.FeatureOracle}.
 */
@NullMarked
package io.dimstore.features.oracle;

import org.jspecify.annotations.NullMarked;
