/** The programs of a local Flink session cluster. */
@NullMarked
package io.dimstore.stack.flink;

import org.jspecify.annotations.NullMarked;
