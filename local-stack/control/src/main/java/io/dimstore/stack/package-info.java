/**
 * Starts, watches and stops the real servers that tests, demonstrations and comparisons use. Each
 * runs in its own process, and all listen on loopback. A server is a folder below {@code
 * local-stack} with a file {@code server.properties}; no code lists them.
 */
@NullMarked
package io.dimstore.stack;

import org.jspecify.annotations.NullMarked;
