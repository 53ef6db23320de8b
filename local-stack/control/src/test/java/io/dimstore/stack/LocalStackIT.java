package io.dimstore.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LocalStackIT {

  @RegisterExtension
  static final LocalStackExtension stack =
      LocalStackExtension.with(Server.HBASE, Server.KAFKA, Server.DYNAMODB, Server.REDIS);

  @Test
  void redisAnswersPing() throws IOException {
    try (Socket socket = new Socket(stack.redis().host(), stack.redis().port())) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().readNBytes(7)).asString().isEqualTo("+PONG\r\n");
    }
  }
}
