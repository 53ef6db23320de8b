// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.cli.ExitCodes;
import io.dimstore.stack.Await;
import io.dimstore.stack.DynamoDbRequest;
import io.dimstore.stack.LocalStack;
import io.dimstore.stack.StackProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetachedStackIT {

  @TempDir Path folder;

  @Test
  void aDetachedStackRunsUntilItIsTakenDown() throws Exception {
    StackProcess up =
        StackProcess.run(folder, "up", "--detach", "--only", "kafka,redis", "--format", "json");
    assertThat(up.exitCode()).as(up.err()).isZero();
    assertThat(up.err()).contains("redis ready").contains("kafka ready");
    List<ProcessHandle> servers = up.servers();
    assertThat(servers).hasSize(2).allMatch(ProcessHandle::isAlive);

    StackProcess status = StackProcess.run(folder, "status", "--format", "json");
    assertThat(status.exitCode()).isZero();
    assertThat(status.out()).isEqualTo(up.out());

    StackProcess second = StackProcess.run(folder, "up", "--detach", "--only", "redis");
    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.out()).isEmpty();
    assertThat(second.err()).contains("runs already").contains("stack down");

    StackProcess down = StackProcess.run(folder, "down");
    assertThat(down.exitCode()).isZero();
    assertThat(down.err()).contains("stopped");
    assertThat(servers).noneMatch(ProcessHandle::isAlive);
    assertThat(StackProcess.leftIn(folder)).isEmpty();

    StackProcess after = StackProcess.run(folder, "status");
    assertThat(after.exitCode()).isEqualTo(ExitCodes.NEGATIVE);
    assertThat(after.err()).contains("there is no detached stack");
    assertThat(StackProcess.run(folder, "down").exitCode()).isZero();
  }

  @Test
  void theAddressesCanBeEvaluatedByAShell() throws Exception {
    StackProcess up =
        StackProcess.run(folder, "up", "--detach", "--only", "redis", "--format", "env");
    try {
      assertThat(up.out())
          .matches(
              """
              export REDIS_URL='redis://127\\.0\\.0\\.1:\\d+'
              export DIMSTORE_REDIS_HOST='127\\.0\\.0\\.1'
              export DIMSTORE_REDIS_PORT='\\d+'
              export DIMSTORE_REDIS_ADDRESS='127\\.0\\.0\\.1:\\d+'
              """);
    } finally {
      StackProcess.run(folder, "down");
    }
  }

  @Test
  void aDynamoDbServerOfTheUserIsUsedInPlaceOfOne() throws Exception {
    try (LocalStack users = LocalStack.start("dynamodb")) {
      String option = "--dynamodb-endpoint=" + users.dynamoDb().address();
      StackProcess up = StackProcess.run(folder, "up", "-d", "--only=dynamodb", option);
      try {
        assertThat(up.exitCode()).as(up.err()).isZero();
        Matcher address = Pattern.compile("http://127\\.0\\.0\\.1:\\d+").matcher(up.out());
        assertThat(address.find()).as(up.out()).isTrue();
        String table =
            "{\"TableName\":\"users-own\",\"BillingMode\":\"PAY_PER_REQUEST\","
                + "\"AttributeDefinitions\":[{\"AttributeName\":\"k\",\"AttributeType\":\"S\"}],"
                + "\"KeySchema\":[{\"AttributeName\":\"k\",\"KeyType\":\"HASH\"}]}";
        DynamoDbRequest.send(URI.create(address.group()), "CreateTable", table);
        assertThat(DynamoDbRequest.send(users.dynamoDb().uri(), "ListTables", "{}"))
            .contains("users-own");
      } finally {
        StackProcess.run(folder, "down");
      }
    }
  }

  @Test
  void killedDetachedStackDoesNotBlockTheNext() throws Exception {
    StackProcess up =
        StackProcess.run(folder, "up", "--detach", "--only", "redis", "--format", "json");
    ProcessHandle redis = up.servers().get(0);
    // The command line of the supervisor names the temp folder of this test.
    ProcessHandle supervisor =
        ProcessHandle.allProcesses()
            .filter(process -> commandLine(process).contains("--supervise"))
            .filter(process -> commandLine(process).contains(folder.toString()))
            .findFirst()
            .orElseThrow();

    supervisor.destroyForcibly();

    Await.until("the server has ended", () -> !redis.isAlive());
    StackProcess status = StackProcess.run(folder, "status");
    assertThat(status.exitCode()).isEqualTo(ExitCodes.NEGATIVE);
    assertThat(status.err()).contains("has ended by itself").contains("stack.log");
    assertThat(StackProcess.run(folder, "up", "-d", "--only", "redis").exitCode()).isZero();
    assertThat(StackProcess.run(folder, "down").exitCode()).isZero();
    Await.until("the folders are gone", () -> StackProcess.leftIn(folder).isEmpty());
  }

  @Test
  void statusReportsADeadServerOfADetachedStack() throws Exception {
    StackProcess up =
        StackProcess.run(folder, "up", "--detach", "--only", "redis", "--format", "json");
    up.servers().get(0).destroyForcibly();
    Await.until("the stack has ended", () -> StackProcess.leftIn(folder).isEmpty());
    Await.until(
        "status says so", () -> statusText().contains("redis has ended with exit code 137"));
  }

  private String statusText() {
    try {
      return StackProcess.run(folder, "status").err();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }
}
