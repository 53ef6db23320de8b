/**
 * The business rules as SQL functions: integer arithmetic, no state, the same answer on every run.
 * What each computes is written down in {@code docs/features.md}; an absent argument is null and
 * has a meaning of its own there. Public because Flink's generated code calls them.
 */
@NullMarked
package io.dimstore.features.rules;

import org.jspecify.annotations.NullMarked;
