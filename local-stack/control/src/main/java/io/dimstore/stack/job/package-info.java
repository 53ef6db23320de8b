/** The command that lists and changes the jobs of a Flink cluster, by its REST interface. */
@NullMarked
package io.dimstore.stack.job;

import org.jspecify.annotations.NullMarked;
