/**
 * The process of one arm: {@link io.dimstore.bench.compare.process.ArmMain} loads the dimensions
 * and runs the feature job in it, and {@link io.dimstore.bench.compare.process.ArmProcess} controls
 * it from outside. May use {@code report} and {@code arm}.
 */
@NullMarked
package io.dimstore.bench.compare.process;

import org.jspecify.annotations.NullMarked;
