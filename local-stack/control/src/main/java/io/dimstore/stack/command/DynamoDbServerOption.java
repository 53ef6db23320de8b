// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import io.dimstore.cli.Usage;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.dynamodb.DynamoDbServerMain;
import io.dimstore.stack.dynamodb.ServerAddress;
import io.dimstore.stack.server.Server;
import java.net.URI;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A picocli mixin of the option that names a DynamoDB server which the user runs. */
public final class DynamoDbServerOption {

  private static final String NAME = "--dynamodb-endpoint";

  private final UnaryOperator<@Nullable String> variables;

  @Option(
      names = NAME,
      paramLabel = "URL",
      description =
          "DynamoDB server of your own to use, instead of starting one. Without this option the"
              + " variable "
              + DynamoDbServerMain.ENDPOINT
              + " names it. docs/dynamodb-servers.md has more.")
  private @Nullable String endpoint;

  /** Creates the mixin with the variables of this process. */
  public DynamoDbServerOption() {
    this(System::getenv);
  }

  DynamoDbServerOption(UnaryOperator<@Nullable String> variables) {
    this.variables = variables;
  }

  /**
   * Returns the options of the servers with the user's server, if one is named. The variable has no
   * effect on a stack without DynamoDB.
   *
   * @throws io.dimstore.cli.UsageException if the address is not valid, or if the option is given
   *     for a stack without DynamoDB
   */
  public StackOptions applyTo(StackOptions options) {
    if (options.hasDynamoDb()) {
      URI address = address();
      return address == null ? options : options.withDynamoDbEndpoint(address);
    }
    if (endpoint != null) {
      throw Usage.error(
          NAME
              + " goes with the server dynamodb, and the servers are "
              + options.servers().stream()
                  .sorted()
                  .map(Server::id)
                  .collect(Collectors.joining(", ")));
    }
    return options;
  }

  private @Nullable URI address() {
    if (endpoint != null) {
      return address(NAME, endpoint);
    }
    String variable = variables.apply(DynamoDbServerMain.ENDPOINT);
    return variable == null || variable.isBlank()
        ? null
        : address(DynamoDbServerMain.ENDPOINT, variable);
  }

  /** Returns the address. A message does not repeat the text, which may have a password. */
  private static URI address(String name, String text) {
    try {
      return ServerAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw Usage.error(name + " " + e.getMessage());
    }
  }
}
