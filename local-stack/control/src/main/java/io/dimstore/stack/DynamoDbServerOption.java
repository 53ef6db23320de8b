// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import io.dimstore.cli.Usage;
import io.dimstore.stack.dynamodb.DynamoDbServerMain;
import java.net.URI;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** A picocli mixin of the option that names a DynamoDB server which the user runs. */
public final class DynamoDbServerOption {

  private static final String NAME = "--dynamodb-endpoint";
  private static final String REMEDY = "must be an address such as http://127.0.0.1:8000";

  private final UnaryOperator<@Nullable String> variables;

  @Option(
      names = NAME,
      paramLabel = "URL",
      converter = AddressConverter.class,
      description =
          "DynamoDB server of your own to use, instead of starting one. Without this option the"
              + " variable "
              + DynamoDbServerMain.ENDPOINT
              + " names it. docs/dynamodb-servers.md has more.")
  private @Nullable URI endpoint;

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
      return endpoint;
    }
    String variable = variables.apply(DynamoDbServerMain.ENDPOINT);
    if (variable == null || variable.isBlank()) {
      return null;
    }
    try {
      return parse(variable);
    } catch (IllegalArgumentException e) {
      throw Usage.badValue(DynamoDbServerMain.ENDPOINT, variable, REMEDY);
    }
  }

  /**
   * Returns the address.
   *
   * @throws IllegalArgumentException if it is none
   */
  private static URI parse(String text) {
    URI address = URI.create(text.strip());
    if (address.getHost() == null || !String.valueOf(address.getScheme()).matches("https?")) {
      throw new IllegalArgumentException(text);
    }
    return address;
  }

  /** Parses the address of a server. */
  static final class AddressConverter implements ITypeConverter<URI> {

    @Override
    public URI convert(String text) {
      try {
        return parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(REMEDY);
      }
    }
  }
}
