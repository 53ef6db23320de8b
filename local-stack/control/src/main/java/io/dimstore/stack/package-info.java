/**
 * Starts, watches and stops the real servers that tests, demonstrations and comparisons use. Each
 * runs in its own process, and all listen on loopback. A server is a folder below {@code
 * local-stack} with a file {@code server.properties}; no code lists them.
 *
 * <p>The packages are layers, from top to bottom; a package uses only layers below its own:
 *
 * <ol>
 *   <li>{@code command}: {@code bin/dimstore stack}; {@code relay}: network faults before a server
 *   <li>this package: a stack of servers, for tests and programs
 *   <li>{@code process}: one process of a server, from its start to its end
 *   <li>{@code server}: the servers that exist, their settings and folders
 * </ol>
 */
@NullMarked
package io.dimstore.stack;

import org.jspecify.annotations.NullMarked;
