// SPDX-License-Identifier: Apache-2.0
package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dimstore.stack.LocalStackExtension;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Starts Kafka and Redis. HBase and DynamoDB are started in the same way. */
class ServersTest {

  @RegisterExtension
  static final LocalStackExtension stack = LocalStackExtension.with("kafka", "redis");

  @Test
  void kafkaHasTheTopicThatWasCreated() throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", stack.kafka().bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic("events", 1, (short) 1))).all().get();

      assertTrue(admin.listTopics().names().get().contains("events"));
    }
  }

  @Test
  void redisAnswers() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", stack.endpoint("redis").port())) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));

      assertEquals(
          "+PONG", new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine());
    }
  }
}
