// SPDX-License-Identifier: Apache-2.0
package io.dimstore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTextTest {

  @Test
  void wordsAreQuotedSoThatAShellCanRunThemAgain() {
    assertThat(text("compare", "--arms", "memory,dynamodb", "--out", "my report", "--x", "it's"))
        .isEqualTo("bin/dimstore compare --arms memory,dynamodb --out 'my report' --x 'it'\\''s'");
  }

  @Test
  void secretsAreMaskedInValuesAssignmentsAndUrls() {
    assertThat(
            text(
                "--redis-password",
                "s3cret1",
                "--store-option",
                "dynamodb.secret-key=s3cret2",
                "--token=s3cret3",
                "--dynamodb-endpoint",
                "https://user:s3cret4@host:8000/path?access_key=s3cret5&region=eu"))
        .isEqualTo(
            "bin/dimstore --redis-password ****** --store-option dynamodb.secret-key=******"
                + " --token=****** --dynamodb-endpoint"
                + " 'https://******@host:8000/path?access_key=******&region=eu'")
        .doesNotContain("s3cret");
  }

  @Test
  void variablesOfDimstoreComeFirstAndOthersAreLeftOut() {
    assertThat(
            CommandText.of(
                "bin/dimstore",
                List.of("compare"),
                Map.of(
                    "HOME", "/home/x",
                    "DIMSTORE_JAVA_OPTS", "-Xmx4g -Dstore.password=s3cret",
                    "DIMSTORE_DYNAMODB_MODEL", "latency=5")))
        .isEqualTo(
            "DIMSTORE_DYNAMODB_MODEL=latency=5"
                + " DIMSTORE_JAVA_OPTS='-Xmx4g -Dstore.password=******' bin/dimstore compare");
  }

  private static String text(String... arguments) {
    return CommandText.of("bin/dimstore", List.of(arguments), Map.of());
  }
}
