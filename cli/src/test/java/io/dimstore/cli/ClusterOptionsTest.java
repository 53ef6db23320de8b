// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ClusterOptionsTest {

  @Command
  static final class Program {
    @Mixin ClusterOptions cluster = new ClusterOptions();
    @Mixin SavepointOption savepoint = new SavepointOption();
  }

  @Test
  void withoutTheOptionTheJobRunsInThisProcessToItsEnd() {
    ClusterOptions options = parse();
    assertThat(options.cluster()).isNull();
    assertThat(options.isAwaited()).isTrue();
  }

  @Test
  void aJobOnAClusterIsAwaitedOnlyIfAskedFor() {
    assertThat(parse("--cluster=http://h:8081").isAwaited()).isFalse();
    assertThat(parse("--cluster=http://h:8081", "--follow").isAwaited()).isTrue();
    assertThat(parse("--cluster=http://h:8081/").cluster()).isEqualTo(URI.create("http://h:8081"));
  }

  @Test
  void optionsOfAClusterAreRefusedWithoutOne() {
    assertThatThrownBy(() -> parse("--follow").cluster())
        .isInstanceOf(UsageException.class)
        .hasMessage("--follow goes with --cluster");
    Program program = new Program();
    new CommandLine(program).parseArgs("--from-savepoint=file:/s");
    assertThat(program.savepoint.of(URI.create("http://h:8081"))).isEqualTo("file:/s");
    assertThatThrownBy(() -> program.savepoint.of(null))
        .isInstanceOf(UsageException.class)
        .hasMessage("--from-savepoint goes with --cluster");
  }

  @Test
  void theVariableOfTheStackIsTheClusterOfAnOptionWithoutValue() {
    Map<String, String> variables =
        Map.of(StackVariables.name("flink", "address"), "http://127.0.0.1:1");
    assertThat(ClusterAddress.of("", variables::get)).isEqualTo(URI.create("http://127.0.0.1:1"));
    assertThat(ClusterAddress.of("http://h:2", variables::get)).isEqualTo(URI.create("http://h:2"));
    assertThatThrownBy(() -> ClusterAddress.of("", Map.<String, String>of()::get))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--cluster URL is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"h:8081", "http://h", "https://h:1", "http://h:1/jobs", "http://h:x"})
  void aWrongAddressIsNamed(String address) {
    assertThatThrownBy(() -> parse("--cluster=" + address).cluster())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--cluster '" + address + "': must be an address such as");
  }

  private static ClusterOptions parse(String... arguments) {
    Program program = new Program();
    new CommandLine(program).parseArgs(arguments);
    return program.cluster;
  }
}
