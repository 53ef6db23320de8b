/**
 * The business rules as SQL functions. They use integer arithmetic and no state, and always return
 * the same result for the same arguments. {@code docs/features.md} defines what each function
 * computes. An absent argument is null, and that document defines its meaning. The functions are
 * public because Flink's generated code calls them.
 */
@NullMarked
package io.dimstore.features.rules;

import org.jspecify.annotations.NullMarked;
