// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds the Flink cluster that a command is for. */
public final class ClusterAddress {

  static final String OPTION = "--cluster";

  private ClusterAddress() {}

  /**
   * Returns the address of the cluster's REST interface.
   *
   * @param given the value of the option, or null or empty to take that of the variable
   * @throws UsageException if neither names a cluster, or for a wrong address
   */
  public static URI of(@Nullable String given) {
    return of(given, System::getenv);
  }

  static URI of(@Nullable String given, UnaryOperator<@Nullable String> variables) {
    boolean isGiven = given != null && !given.isBlank();
    String text = isGiven ? given : variables.apply(StackVariables.FLINK);
    if (text == null || text.isBlank()) {
      throw Usage.error(
          OPTION
              + " URL is missing: name the Flink cluster, or set "
              + StackVariables.FLINK
              + " as 'bin/dimstore stack up --flink --format env' does");
    }
    try {
      URI address = new URI(text);
      if ("http".equals(address.getScheme())
          && address.getHost() != null
          && address.getPort() > 0
          && (address.getPath().isEmpty() || address.getPath().equals("/"))) {
        return new URI("http", null, address.getHost(), address.getPort(), null, null, null);
      }
    } catch (URISyntaxException e) {
      // The text is no address.
    }
    throw Usage.badValue(
        isGiven ? OPTION : StackVariables.FLINK,
        text,
        "must be an address such as http://127.0.0.1:8081");
  }
}
