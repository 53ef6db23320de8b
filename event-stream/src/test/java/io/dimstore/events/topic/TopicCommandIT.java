// SPDX-License-Identifier: Apache-2.0
package io.dimstore.events.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.cli.ExitCodes;
import io.dimstore.stack.LocalStackExtension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

class TopicCommandIT {

  @RegisterExtension static final LocalStackExtension stack = LocalStackExtension.with("kafka");

  private final PrintStream systemOut = System.out;
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String topic;

  @BeforeEach
  void captureTheOutput(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
    System.setOut(new PrintStream(values, false, StandardCharsets.US_ASCII));
  }

  @AfterEach
  void restoreTheOutput() {
    System.setOut(systemOut);
  }

  @Test
  void valuesArePrintedAsTheyAreUpToTheLimit() throws Exception {
    send("{\"title\":\"café €\"}".getBytes(StandardCharsets.UTF_8));
    send(new byte[] {(byte) 0xff, 1});
    send(null);
    send("beyond the limit".getBytes(StandardCharsets.UTF_8));

    assertThat(run("read", topic, "--from-start", "--limit=3")).as(err.toString()).isZero();
    byte[] expected = "{\"title\":\"café €\"}\n??\nnull\n".getBytes(StandardCharsets.UTF_8);
    int at = new String(expected, StandardCharsets.ISO_8859_1).indexOf("??");
    expected[at] = (byte) 0xff;
    expected[at + 1] = 1;
    assertThat(values.toByteArray()).isEqualTo(expected);
  }

  @Test
  void lessThanTheLimitEndsAfterTheWaitAndNothingIsExitCodeThree() throws Exception {
    send("one".getBytes(StandardCharsets.UTF_8));
    assertThat(run("read", topic, "--from-start", "--wait=5s")).isZero();
    assertThat(values.toString(StandardCharsets.UTF_8)).isEqualTo("one\n");

    assertThat(run("read", topic, "--wait=500ms")).isEqualTo(ExitCodes.NEGATIVE);
    assertThat(values.toString(StandardCharsets.UTF_8)).isEqualTo("one\n");
    assertThat(err.toString()).contains("topic " + topic + ": no record within 500ms");
  }

  @Test
  void aTopicThatDoesNotExistYetIsAwaited() throws Exception {
    CompletableFuture<Integer> reading =
        CompletableFuture.supplyAsync(() -> run("read", topic, "--limit=1", "--wait=1m"));
    while (!err.toString().contains("topic " + topic + ": does not exist yet")) {
      assertThat(reading).as(err.toString()).isNotDone();
      LockSupport.parkNanos(20_000_000);
    }
    try (Admin admin = Admin.create(kafka())) {
      admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
    }
    send("first".getBytes(StandardCharsets.UTF_8));

    assertThat(reading.get()).as(err.toString()).isZero();
    assertThat(values.toString(StandardCharsets.UTF_8)).isEqualTo("first\n");
  }

  @Test
  void aTopicThatDoesNotExistIsNamedWithTheOthers() throws Exception {
    send("x".getBytes(StandardCharsets.UTF_8));
    assertThat(run("read", topic + "s", "--wait=500ms")).isEqualTo(ExitCodes.FAILED);
    assertThat(err.toString())
        .contains("error: Kafka at ")
        .contains("has no topic '" + topic + "s'; there are ", topic)
        .doesNotContain("__consumer_offsets")
        .hasLineCount(2);
  }

  @Test
  void topicsAreListedWithTheirRecords() throws Exception {
    try (Admin admin = Admin.create(kafka())) {
      admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
    }
    for (int i = 0; i < 5; i++) {
      send(new byte[] {1});
    }
    assertThat(run("list")).as(err.toString()).isZero();
    assertThat(out.toString())
        .startsWith("TOPIC")
        .containsPattern("\n" + topic + " +3 +5\n")
        .doesNotContain("__");
  }

  @Test
  void brokersThatDoNotAnswerAreNamed() {
    for (String[] command : new String[][] {{"list"}, {"read", topic}}) {
      List<String> words = new ArrayList<>(List.of(command));
      words.add("--bootstrap=127.0.0.1:1");
      assertThat(execute(words)).isEqualTo(ExitCodes.FAILED);
    }
    assertThat(err.toString().lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("error: cannot read Kafka at 127.0.0.1:1"));
  }

  @Test
  void wrongUsageIsNamed() {
    assertThat(run("read")).isEqualTo(ExitCodes.USAGE);
    assertThat(run("read", topic, "--limit=0")).isEqualTo(ExitCodes.USAGE);
    assertThat(err.toString()).contains("TOPIC is missing", "--limit '0': must be at least 1");
  }

  private int run(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    words.add("--bootstrap=" + stack.kafka().bootstrapServers());
    return execute(words);
  }

  private int execute(List<String> words) {
    CommandLine command = TopicMain.commandLine();
    return command
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(words.toArray(String[]::new));
  }

  private static Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", stack.kafka().bootstrapServers());
  }

  private void send(byte[] value) throws Exception {
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka(), bytes, bytes)) {
      producer.send(new ProducerRecord<>(topic, value)).get();
    }
  }
}
