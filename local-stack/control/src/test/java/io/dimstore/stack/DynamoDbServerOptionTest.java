// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.cli.UsageException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class DynamoDbServerOptionTest {

  private static final StackOptions DYNAMODB = StackOptions.of("dynamodb");

  @Command
  static final class Program {
    @Mixin DynamoDbServerOption server;

    Program(String variable) {
      server = new DynamoDbServerOption(Map.of("DIMSTORE_DYNAMODB_ENDPOINT", variable)::get);
    }
  }

  @Test
  void theVariableIsTheDefaultOfTheOption() {
    DynamoDbServerOption server = parse("http://127.0.0.1:1");
    assertThat(server.applyTo(DYNAMODB).dynamoDbEndpoint())
        .isEqualTo(URI.create("http://127.0.0.1:1"));
    server = parse("http://127.0.0.1:1", "--dynamodb-endpoint=https://db.internal:2");
    assertThat(server.applyTo(DYNAMODB).dynamoDbEndpoint())
        .isEqualTo(URI.create("https://db.internal:2"));
    assertThat(parse(" ").applyTo(DYNAMODB)).isEqualTo(DYNAMODB);
  }

  @Test
  void theVariableMayBeSetForCommandsWithoutDynamoDb() {
    StackOptions redis = StackOptions.of("redis");
    assertThat(parse("http://127.0.0.1:1").applyTo(redis)).isEqualTo(redis);
  }

  @Test
  void aVariableThatIsNoAddressIsWrongUsage() {
    assertThatThrownBy(() -> parse("ftp://127.0.0.1:1").applyTo(DYNAMODB))
        .isInstanceOf(UsageException.class)
        .hasMessage(
            "DIMSTORE_DYNAMODB_ENDPOINT 'ftp://127.0.0.1:1': must be an address such as"
                + " http://127.0.0.1:8000");
  }

  private static DynamoDbServerOption parse(String variable, String... arguments) {
    Program program = new Program(variable);
    new CommandLine(program).parseArgs(arguments);
    return program.server;
  }
}
