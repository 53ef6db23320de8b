// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** A mixin of the options that name the Kafka brokers and configure the clients. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class KafkaOptions {

  /** How long brokers may take to answer a command's first request before they count as absent. */
  public static final Duration PATIENCE = Duration.ofSeconds(6);

  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT",
      description =
          "Kafka brokers, separated by commas. Without this option, those of the variable "
              + StackVariables.KAFKA
              + ", which 'stack up --format env' prints.")
  private @Nullable String bootstrap;

  @Option(
      names = "--kafka-option",
      paramLabel = Settings.LABEL,
      showDefaultValue = Visibility.NEVER,
      description = "Setting of the Kafka clients, such as security.protocol=SSL. Repeatable.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "Properties file with settings of the Kafka clients. Secrets belong there: other users"
              + " of a machine see the options of its processes. --kafka-option takes precedence.")
  private @Nullable Path config;

  private final UnaryOperator<@Nullable String> variables;

  /** Creates the mixin with the variables of this process. */
  public KafkaOptions() {
    this(System::getenv);
  }

  KafkaOptions(UnaryOperator<@Nullable String> variables) {
    this.variables = variables;
  }

  /** Whether the brokers are named on the command line. */
  public boolean isGiven() {
    return bootstrap != null;
  }

  /** Whether the brokers are named, on the command line or by the variable. */
  public boolean isKnown() {
    return addresses() != null;
  }

  /** Whether settings of the clients are given. */
  public boolean isConfigured() {
    return !options.isEmpty() || config != null;
  }

  /**
   * Returns the brokers.
   *
   * @throws UsageException if they are not named
   */
  public String bootstrap() {
    String addresses = addresses();
    if (addresses == null || addresses.isBlank()) {
      throw Usage.error(
          "--bootstrap HOST:PORT is missing: name the Kafka brokers, or set "
              + StackVariables.KAFKA
              + " as 'bin/dimstore stack up --format env' does");
    }
    return addresses;
  }

  private @Nullable String addresses() {
    return bootstrap == null ? variables.apply(StackVariables.KAFKA) : bootstrap;
  }

  /**
   * Returns the settings of the clients.
   *
   * @throws UsageException for a file that cannot be read
   */
  public Map<String, String> properties() {
    return Settings.merged("--kafka-config", config, options);
  }
}
