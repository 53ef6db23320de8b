// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimstore.cli.UsageException;
import io.dimstore.stack.StackOptions;
import io.dimstore.stack.dynamodb.ServerAddress;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1:1",
        "http://user:s3cret@127.0.0.1:1",
        "http://127.0.0.1:1?access_key=s3cret",
        "http://127.0.0.1:1#s3cret"
      })
  void whatIsNoAddressOrHasASecretIsWrongUsageAndNotRepeated(String text) {
    assertThatThrownBy(() -> parse(text).applyTo(DYNAMODB))
        .isInstanceOf(UsageException.class)
        .hasMessage("DIMSTORE_DYNAMODB_ENDPOINT " + ServerAddress.REMEDY);
    assertThatThrownBy(() -> parse("", "--dynamodb-endpoint", text).applyTo(DYNAMODB))
        .isInstanceOf(UsageException.class)
        .hasMessage("--dynamodb-endpoint " + ServerAddress.REMEDY);
  }

  private static DynamoDbServerOption parse(String variable, String... arguments) {
    Program program = new Program(variable);
    new CommandLine(program).parseArgs(arguments);
    return program.server;
  }
}
