// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class KafkaOptionsTest {

  @Command
  static final class Program {
    @Mixin KafkaOptions kafka;

    Program(Map<String, String> variables) {
      kafka = new KafkaOptions(variables::get);
    }
  }

  @Test
  void theVariableOfTheStackIsTheDefaultOfTheBrokers() {
    KafkaOptions kafka = parse(Map.of(StackVariables.name("kafka", "address"), "stack:1"));
    assertThat(kafka.bootstrap()).isEqualTo("stack:1");
    assertThat(kafka.isKnown()).isTrue();
    assertThat(kafka.isGiven()).as("on the command line").isFalse();
  }

  @Test
  void theOptionHasPrecedence() {
    Map<String, String> variables = Map.of(StackVariables.KAFKA, "stack:1");
    assertThat(parse(variables, "--bootstrap=other:2").bootstrap()).isEqualTo("other:2");
  }

  @Test
  void withoutBothNothingIsKnown() {
    assertThat(parse(Map.of()).isKnown()).isFalse();
  }

  private static KafkaOptions parse(Map<String, String> variables, String... arguments) {
    Program program = new Program(variables);
    new CommandLine(program).parseArgs(arguments);
    return program.kafka;
  }
}
