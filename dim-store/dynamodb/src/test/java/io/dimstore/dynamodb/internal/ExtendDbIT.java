// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimstore.stack.dynamodb.ExtendDbServer;
import io.dimstore.stack.dynamodb.program.ExtendDb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/**
 * Checks that the second server survives clients that go away, as they do in the conformance kit,
 * and where it differs from the service.
 */
class ExtendDbIT {

  private static final int ROUNDS = 40;
  private static final int WRITES = 16;
  private static final int MOST_NANOS = 4_000_000;

  private static final String CREATE =
      "{'TableName':'interrupted','BillingMode':'PAY_PER_REQUEST',"
          + "'KeySchema':[{'AttributeName':'k','KeyType':'HASH'}],"
          + "'AttributeDefinitions':[{'AttributeName':'k','AttributeType':'S'}],"
          + "'StreamSpecification':{'StreamEnabled':true,'StreamViewType':'NEW_AND_OLD_IMAGES'}}";

  @TempDir Path folder;

  /** Without the proxy before it, the server's database is locked for ever within a few rounds. */
  @Test
  void writesWhoseClientsGoAwayDoNotLockTheDatabase() throws Exception {
    Random random = new Random(1);
    try (ExtendDbServer server = ExtendDbServer.start(folder)) {
      assertThat(answer(server.address(), "CreateTable", CREATE)).startsWith("HTTP/1.1 200");
      for (int round = 0; round < ROUNDS; round++) {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
          byte[] write = signed(server.address(), "PutItem", put("k" + random.nextInt(50)));
          int nanos = random.nextInt(MOST_NANOS);
          clients.add(
              CompletableFuture.runAsync(() -> sendAndGoAway(server.address(), write, nanos)));
        }
        clients.forEach(CompletableFuture::join);
        assertThat(answer(server.address(), "PutItem", put("whole"))).startsWith("HTTP/1.1 200");
      }
    }
  }

  /**
   * The service answers at most 16 MB and leaves the other keys unprocessed. So the kit does not
   * show on this server what a store does with such keys. Once this fails, say so in
   * docs/dynamodb-servers.md.
   */
  @Test
  void noKeyIsLeftUnprocessedWhateverTheSizeOfTheAnswer() throws Exception {
    int rows = 45;
    try (ExtendDbServer server = ExtendDbServer.start(folder)) {
      assertThat(answer(server.address(), "CreateTable", CREATE)).startsWith("HTTP/1.1 200");
      for (int i = 0; i < rows; i++) {
        assertThat(answer(server.address(), "PutItem", put("k" + i, 400_000)))
            .startsWith("HTTP/1.1 200");
      }
      String keys =
          IntStream.range(0, rows)
              .mapToObj("{'k':{'S':'k%d'}}"::formatted)
              .collect(Collectors.joining(","));
      String found =
          answer(
              server.address(),
              "BatchGetItem",
              "{'RequestItems':{'interrupted':{'Keys':[" + keys + "]}}}",
              Integer.MAX_VALUE);
      assertThat(found).startsWith("HTTP/1.1 200").doesNotContain("\"UnprocessedKeys\":{\"inter");
      assertThat(found.length()).isGreaterThan(rows * 400_000);
    }
  }

  private static String put(String key) {
    return put(key, 500);
  }

  private static String put(String key, int bytes) {
    return "{'TableName':'interrupted','Item':{'k':{'S':'%s'},'v':{'S':'%s'}}}"
        .formatted(key, "v".repeat(bytes));
  }

  private static void sendAndGoAway(URI server, byte[] request, int nanos) {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(request);
      LockSupport.parkNanos(nanos);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String answer(URI server, String operation, String body) throws IOException {
    return answer(server, operation, body, 12);
  }

  /** Returns the beginning of the answer. The connection is closed after it. */
  private static String answer(URI server, String operation, String body, int most)
      throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(signed(server, operation, body));
      socket.shutdownOutput();
      return new String(socket.getInputStream().readNBytes(most), StandardCharsets.ISO_8859_1);
    }
  }

  private static byte[] signed(URI server, String operation, String body) throws IOException {
    byte[] content = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    SdkHttpRequest unsigned =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(server)
            .encodedPath("/")
            .putHeader("content-type", "application/x-amz-json-1.0")
            .putHeader("x-amz-target", "DynamoDB_20120810." + operation)
            .putHeader("content-length", Integer.toString(content.length))
            .build();
    SdkHttpRequest signed =
        AwsV4HttpSigner.create()
            .sign(
                request ->
                    request
                        .identity(
                            AwsBasicCredentials.create(ExtendDb.ACCESS_KEY, ExtendDb.SECRET_KEY))
                        .request(unsigned)
                        .payload(ContentStreamProvider.fromByteArray(content))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1"))
            .request();
    StringBuilder head = new StringBuilder("POST / HTTP/1.1\r\n");
    signed.forEachHeader(
        (name, values) ->
            head.append(name).append(": ").append(String.join(",", values)).append("\r\n"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.write(content);
    return bytes.toByteArray();
  }
}
