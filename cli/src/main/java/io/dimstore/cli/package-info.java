/**
 * The common parts of all commands of dimstore: construction of the command line, reports of wrong
 * usage and failures, exit codes, and progress.
 *
 * <p>Depends on the JDK and picocli alone, so that a command with a small class path starts fast.
 * Options of stores are in {@link io.dimstore.cli.store}, which needs the SPI.
 */
@NullMarked
package io.dimstore.cli;

import org.jspecify.annotations.NullMarked;
