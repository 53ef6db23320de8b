/**
 * What the feature job must put out, computed the slow and obvious way and sharing no code with it:
 * {@link io.dimstore.features.oracle.FeatureOracle} follows the text of {@code docs/features.md}.
 */
@NullMarked
package io.dimstore.features.oracle;

import org.jspecify.annotations.NullMarked;
