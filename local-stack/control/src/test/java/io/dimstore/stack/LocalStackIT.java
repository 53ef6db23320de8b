// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks each server in its own protocol. The stores' tests use the real clients. */
class LocalStackIT {

  @RegisterExtension
  static final LocalStackExtension stack =
      LocalStackExtension.with("hbase", "kafka", "dynamodb", "redis");

  @Test
  void redisAnswersPing() throws IOException {
    assertThat(ask(stack.redis().port(), "PING\r\n", 7)).isEqualTo("+PONG\r\n");
  }

  @Test
  void redisKeepsNothingOnDisk() throws IOException {
    assertThat(ask(stack.redis().port(), "CONFIG GET save\r\n", 24))
        .isEqualTo("*2\r\n$4\r\nsave\r\n$0\r\n\r\n");
    assertThat(ask(stack.redis().port(), "CONFIG GET appendonly\r\n", 29))
        .isEqualTo("*2\r\n$10\r\nappendonly\r\n$2\r\nno\r\n");
  }

  @Test
  void hbaseHasItsZooKeeperAnswer() throws IOException {
    assertThat(ask(stack.hbase().port(), "srvr", 17)).isEqualTo("Zookeeper version");
    assertThat(stack.hbase().configuration())
        .containsEntry(
            "hbase.zookeeper.property.clientPort", Integer.toString(stack.hbase().port()))
        .containsEntry("hbase.zookeeper.quorum", "localhost");
  }

  @Test
  void kafkaReportsItsSupportedRequests() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), stack.kafka().port())) {
      socket.setSoTimeout(10_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeInt(10); // bytes that follow
      out.writeShort(18); // ApiVersions
      out.writeShort(0);
      out.writeInt(4711); // comes back in the answer
      out.writeShort(-1); // no client id
      DataInputStream in = new DataInputStream(socket.getInputStream());
      assertThat(in.readInt()).isGreaterThan(10);
      assertThat(in.readInt()).isEqualTo(4711);
      assertThat(in.readShort()).as("error code").isZero();
      assertThat(in.readInt()).as("known requests").isGreaterThan(40);
    }
  }

  @Test
  void dynamoDbListsItsTables() throws IOException, InterruptedException {
    assertThat(DynamoDbRequest.send(stack.dynamoDb().uri(), "ListTables", "{}"))
        .contains("TableNames");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hbase", "kafka", "dynamodb", "redis"})
  void aServerIsAProcessWithALogAndCpuTimeOfItsOwn(String server) {
    LocalStack running = stack.stack(server);
    assertThat(running.isAlive(server)).isTrue();
    // CPU time is counted in steps of 10 ms, so an idle Redis may report 0 for long.
    assertThat(running.process(server).info().totalCpuDuration()).isPresent();
    assertThat(running.log(server)).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hbase", "kafka", "dynamodb", "redis"})
  void aServerListensOnLoopbackAlone(String server) throws IOException {
    int port = stack.endpoint(server).port();
    for (InetAddress address : outsideAddresses()) {
      assertThatThrownBy(() -> new Socket(address, port).close())
          .as("%s on %s", server, address)
          .isInstanceOf(ConnectException.class);
    }
    new Socket(InetAddress.getLoopbackAddress(), port).close();
  }

  private static List<InetAddress> outsideAddresses() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .toList();
  }

  private static String ask(int port, String question, int answerLength) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(question.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      byte[] answer = socket.getInputStream().readNBytes(answerLength);
      return new String(answer, StandardCharsets.US_ASCII);
    }
  }
}
