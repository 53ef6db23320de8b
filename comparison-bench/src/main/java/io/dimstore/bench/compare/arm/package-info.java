/**
 * The arms, declared by files in {@code META-INF/dimstore/arms}: stores, options, topics. This
 * package uses no other package below {@code compare}.
 */
@NullMarked
package io.dimstore.bench.compare.arm;

import org.jspecify.annotations.NullMarked;
