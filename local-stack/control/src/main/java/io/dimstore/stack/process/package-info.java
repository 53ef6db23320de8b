/**
 * Starts one process of a server, waits until it is ready, keeps its log and ends it with this JVM.
 * May use {@code server}.
 */
@NullMarked
package io.dimstore.stack.process;

import org.jspecify.annotations.NullMarked;
