// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The processes of a Flink cluster. */
class FlinkServerIT {

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @CsvSource({"flink, 1.20", "flink-2.2, 2.2"})
  void taskManagersHaveProcessesOfTheirOwnWhichAreReplacedAndEndWithTheStack(
      String server, String version) throws Exception {
    Set<ProcessHandle> all = new TreeSet<>();
    Path folder;
    try (LocalStack stack = LocalStack.start(StackOptions.of(server).withTaskManagers(2))) {
      FlinkEndpoint flink = stack.flink();
      folder = flink.folder();
      Map<String, ProcessHandle> before = flink.taskManagers();
      all.add(stack.process(server));
      all.addAll(before.values());

      assertThat(before).containsOnlyKeys("taskmanager-1", "taskmanager-2");
      assertThat(all).hasSize(3);
      assertThat(get(flink, "/overview")).contains("\"taskmanagers\":2", "\"slots-total\":8");
      assertThat(get(flink, "/config")).contains("\"flink-version\":\"" + version + ".");
      assertThat(get(flink, "/")).contains("<title>Apache Flink Web Dashboard</title>");
      assertThat(get(flink, "/jobmanager/config"))
          .contains("rocksdb", "adaptive", folder.resolve("savepoints").toUri().toString());

      before.get("taskmanager-2").destroyForcibly();
      before.get("taskmanager-2").onExit().join();
      Await.until("it is replaced", () -> flink.taskManagers().size() == 2);
      Map<String, ProcessHandle> after = flink.taskManagers();
      all.addAll(after.values());

      assertThat(after.get("taskmanager-1")).isEqualTo(before.get("taskmanager-1"));
      assertThat(after.get("taskmanager-2")).isNotEqualTo(before.get("taskmanager-2"));
      Await.until(
          "the JobManager knows it",
          () -> get(flink, "/overview").contains("\"taskmanagers\":2,\"slots-total\":8"));
      stack.check();
    }
    Await.until("no process is left", () -> all.stream().noneMatch(process -> process.isAlive()));
    assertThat(folder).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"flink", "flink-2.2"})
  void jobManagerThatLeadsIsSucceededByTheOtherOneAndAllProcessesEndWithTheServer(String server)
      throws Exception {
    Set<ProcessHandle> all = new TreeSet<>();
    try (LocalStack stack = LocalStack.start(StackOptions.of(server).withHighAvailability())) {
      FlinkEndpoint flink = stack.flink();
      Map<String, ProcessHandle> before = flink.coordinators();
      ProcessHandle lost = flink.leader().orElseThrow();
      all.addAll(before.values());
      assertThat(before).containsOnlyKeys("jobmanager-1", "jobmanager-2", "zookeeper");
      assertThat(before.values()).contains(lost);
      assertThat(flink.taskManagers()).containsOnlyKeys("taskmanager-1");

      // The election below is that of the ZooKeeper that takes the place of this one.
      kill(before.get("zookeeper"));
      kill(lost);

      Await.until(
          "another one leads", () -> flink.leader().filter(ProcessHandle::isAlive).isPresent());
      assertThat(flink.leader().orElseThrow()).isNotEqualTo(lost);
      Await.until(
          "the TaskManager has found it",
          () -> get(flink, "/overview").contains("\"taskmanagers\":1,\"slots-total\":4"));
      Await.until("both are replaced", () -> flink.coordinators().size() == 3);
      assertThat(flink.coordinators())
          .doesNotContainValue(lost)
          .doesNotContainValue(before.get("zookeeper"));
      stack.check();
      all.addAll(flink.coordinators().values());
      all.addAll(flink.taskManagers().values());

      stack.kill(server);
      Await.until("no process is left", () -> all.stream().noneMatch(ProcessHandle::isAlive));
    }
  }

  private static void kill(ProcessHandle process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  private String get(FlinkEndpoint flink, String path) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(flink.address() + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return e.toString(); // while another JobManager takes over
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
