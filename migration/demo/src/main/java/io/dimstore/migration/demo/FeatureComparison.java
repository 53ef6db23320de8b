// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration.demo;

import java.io.PrintWriter;
import java.util.List;

/**
 * The command {@code compare}, which runs the feature job on each store. It is in a module that
 * depends on this one, and is found with {@link java.util.ServiceLoader}.
 */
public interface FeatureComparison {

  /**
   * Runs the command.
   *
   * @param arguments its arguments, without the command's name
   * @param out receives what it prints to standard output
   * @param err receives its progress and its errors
   * @return the exit code
   */
  int run(List<String> arguments, PrintWriter out, PrintWriter err);
}
