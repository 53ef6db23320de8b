// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.dynamodb.model.Client;
import io.dimstore.stack.dynamodb.program.Dynoxide;
import io.dimstore.stack.dynamodb.program.NativeServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the process before a server that the user runs. */
class DynamoDbServerMainIT {

  @TempDir Path folder;

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process start(int port, String endpoint) throws IOException {
    return start(port, DynamoDbServerMain.ENDPOINT, endpoint);
  }

  private Process start(int port, String variable, String value) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            DynamoDbServerMain.class.getName(),
            folder.toString(),
            Integer.toString(port));
    builder.environment().put(variable, value);
    // Nothing can be fetched: the user's server is all that is needed.
    builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    builder.environment().put("PATH", "/nowhere");
    return builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
  }

  private Path log() {
    return folder.resolve("log");
  }

  @Test
  void aServerOfTheUserIsAskedUnchanged() throws Exception {
    try (NativeServer users = Dynoxide.start()) {
      int port = freePort();
      Process process = start(port, users.address().toString());
      try {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(folder.resolve("ready"))) {
          assertThat(process.isAlive()).as("%s", Files.readString(log())).isTrue();
          assertThat(System.nanoTime()).isLessThan(deadline);
          Thread.sleep(20);
        }
        Client client = new Client("http://127.0.0.1:" + port);
        client.createTable("users-own");
        client.put("users-own", "a", 1);
        assertThat(new Client(users.address().toString()).get("users-own", "a").has("n")).isTrue();
        // The model would join the clauses.
        assertThat(
                client
                    .execute(
                        "UPDATE \"users-own\" SET n=? SET m=? WHERE k=?",
                        "[{`N`:`2`},{`N`:`3`},{`S`:`a`}]")
                    .has("Error"))
            .isTrue();
        assertThat(process.descendants()).isEmpty();
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          latenzy=5           | no setting 'latenzy' of the model; there are latency, partitions,
          latency             | 'latency' is not of the form NAME=NUMBER
          latency=5ms         | latency=5ms: not a number
          latency=5,latency=x | latency=x: not a number
          """)
  void aWrongSettingOfTheModelIsNamed(String settings, String message) throws Exception {
    Process process = start(freePort(), DynamoDbServerMain.MODEL, settings);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(log()).content().contains("DIMSTORE_DYNAMODB_MODEL=" + settings + ": " + message);
  }

  @Test
  void aServerOfTheUserThatDoesNotAnswerIsNamed() throws Exception {
    String dead = "http://127.0.0.1:" + freePort();
    Process process = start(freePort(), dead);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(log())
        .content()
        .contains(
            "The DynamoDB server at "
                + dead
                + ", named by --dynamodb-endpoint or DIMSTORE_DYNAMODB_ENDPOINT,")
        .contains("does not answer: java.net.ConnectException");
    assertThat(folder.resolve("ready")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8000", "here and there", "http://u:s3cret@127.0.0.1:8000"})
  void whatIsNoAddressIsRefused(String text) throws Exception {
    Process process = start(freePort(), text);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(log())
        .content()
        .contains("DIMSTORE_DYNAMODB_ENDPOINT must be an address such as http://127.0.0.1:8000,")
        .doesNotContain(text);
  }
}
