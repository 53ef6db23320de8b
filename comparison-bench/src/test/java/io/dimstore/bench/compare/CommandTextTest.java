// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                + " 'https://******@host:8000/path?access_key=******'")
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --store-option=redis.password=s3cret    | --store-option=redis.password=******
          --endpoint=https://h/p?access_key=s3cret | '--endpoint=https://h/p?access_key=******'
          --redis-password=ab,s3cret              | --redis-password=******
          --redis-password=ab;s3cret              | --redis-password=******
          --redis-password=ab&s3cret              | --redis-password=******
          --redis-password=ab s3cret              | --redis-password=******
          --redis-password=ab=s3cret              | --redis-password=******
          https://u:p@s3cret@h                    | https://******@h
          https://u:p/s3cret@h                    | https://******@h
          https://u:p?x=s3cret@h                  | https://******@h
          https://u:token=s3cret@h                | https://******
          https://h/?apikey=a@s3cret              | https://******
          u:s3cret@h                              | ******@h
          :s3cret@h                               | ******@h
          --endpoint=u:s3cret@h                   | --endpoint=******@h
          --a=b,c://d,u:s3cret@h                  | --a=b,c://******@h
          apikey=s3cret                           | apikey=******
          accessKeyId=s3cret                      | accessKeyId=******
          https://h/?X-Amz-Signature=s3cret&a=b   | 'https://h/?X-Amz-Signature=******'
          pwd=s3cret                              | pwd=******
          auth=s3cret                             | auth=******
          a=b,auth = s3cret                       | 'a=b,auth =******'
          http://127.0.0.1:8000/x?a=b&c=d         | 'http://127.0.0.1:8000/x?a=b&c=d'
          --limit=3000                            | --limit=3000
          a@b                                     | a@b
          """,
      quoteCharacter = '"')
  void secretsEndWithTheirWord(String word, String shown) {
    assertThat(text(word)).isEqualTo("bin/dimstore " + shown).doesNotContain("s3cret");
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
