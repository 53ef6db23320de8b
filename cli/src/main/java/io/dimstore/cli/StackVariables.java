// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.util.Locale;

/**
 * The environment variables that {@code stack up --format env} prints for the commands of dimstore.
 * Each variable holds one setting of one server, and is the default of an option.
 */
public final class StackVariables {

  /** The variable with the addresses of the Kafka brokers. */
  static final String KAFKA = "DIMSTORE_KAFKA_ADDRESS";

  /** The variable with the address of the Flink cluster. */
  static final String FLINK = "DIMSTORE_FLINK_ADDRESS";

  private StackVariables() {}

  /**
   * Returns the name of the variable with a setting of a server, such as {@code
   * DIMSTORE_DYNAMODB_ACCESS_KEY}.
   */
  public static String name(String server, String setting) {
    return "DIMSTORE_"
        + (server + "_" + setting).toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}
