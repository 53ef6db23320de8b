// SPDX-License-Identifier: Apache-2.0
package io.dimstore.migration;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Names who runs a command, for the log of a migration. */
final class Operator {

  private Operator() {}

  /** Returns {@code user@machine}. */
  static String current() {
    return System.getProperty("user.name", "unknown") + "@" + machine();
  }

  private static String machine() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
