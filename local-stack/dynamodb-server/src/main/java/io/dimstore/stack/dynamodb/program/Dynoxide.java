// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The server dynoxide, in memory. */
public final class Dynoxide {

  private Dynoxide() {}

  /** Fetches the binary for this system if that has not been done before, and returns it. */
  public static Path fetch(Consumer<String> progress) throws IOException {
    return NpmServer.DYNOXIDE.fetch(progress);
  }

  /**
   * Starts a server and waits until it answers. Fetches it first if that has not been done before.
   *
   * @throws IOException if it cannot be fetched or does not start, with a message for the user
   */
  public static NativeServer start() throws IOException {
    return start(fetch(System.err::println), System.err::println);
  }

  /** Starts this binary and waits until it answers. The consumer receives its output. */
  public static NativeServer start(Path binary, Consumer<String> output) throws IOException {
    return NativeServer.start(
        "dynoxide",
        port -> List.of(binary.toString(), "--host", "127.0.0.1", "--port", String.valueOf(port)),
        Map.of(),
        output);
  }
}
