// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code migrate} that another module adds, because it needs more than this module
 * may depend on. It is found with {@link java.util.ServiceLoader}, and is annotated as a command of
 * picocli.
 */
public interface FurtherCommand extends Callable<Integer> {}
