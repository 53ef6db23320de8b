// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** The exit codes of every command. */
public final class ExitCodes {

  /** The command succeeded. */
  public static final int OK = 0;

  /** A server, a store, a job or a file failed. */
  public static final int FAILED = 1;

  /**
   * The command line is wrong, or a store refuses an option or a table before a job was started. If
   * a store refuses something in a running job, the code is {@link #FAILED}.
   */
  public static final int USAGE = 2;

  /** The command ran to its end and found a difference, a server that is not up, or no record. */
  public static final int NEGATIVE = 3;

  private ExitCodes() {}

  /** Each code with its meaning, in ascending order. */
  public static Map<String, String> table() {
    Map<String, String> table = new LinkedHashMap<>();
    table.put(String.valueOf(OK), "done");
    table.put(String.valueOf(FAILED), "a server, a store, a job or a file failed");
    table.put(String.valueOf(USAGE), "the command line is wrong, and nothing was started");
    table.put(
        String.valueOf(NEGATIVE),
        "the command ran to its end and found differences, servers that are not up, or no record");
    return table;
  }
}
