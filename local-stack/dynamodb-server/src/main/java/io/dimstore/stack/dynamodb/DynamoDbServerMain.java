// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb;

import io.dimstore.stack.dynamodb.model.ModelSettings;
import io.dimstore.stack.dynamodb.model.ServiceModel;
import io.dimstore.stack.dynamodb.program.Dynoxide;
import io.dimstore.stack.dynamodb.program.NativeServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs dynoxide in memory and a {@link ServiceModel} before it, with one database for all
 * credentials.
 *
 * <p>Arguments: a folder and the port. The file {@code ready} appears in the folder once requests
 * are answered. The process runs until it is killed or dynoxide ends. Further arguments are for
 * containers: the address to bind to, by default loopback, and the path of the binary. The one
 * argument {@code fetch} prints the path of the binary instead, fetched if necessary.
 *
 * <p>If the environment variable {@value #ENDPOINT} has the address of a server that the user runs,
 * requests are forwarded to that one, unread and unchanged, and dynoxide is not needed. Otherwise
 * {@value #MODEL} may have settings of the model, such as {@code latency=5,partitions=4}.
 */
public final class DynamoDbServerMain {

  /** The variable with the address of a server that the user runs. */
  public static final String ENDPOINT = "DIMSTORE_DYNAMODB_ENDPOINT";

  static final String MODEL = "DIMSTORE_DYNAMODB_MODEL";

  private DynamoDbServerMain() {}

  /** Starts the servers and leaves their threads running. Exits with 1 if that fails. */
  public static void main(String[] args) {
    try {
      if (args[0].equals("fetch")) {
        System.out.println(Dynoxide.fetch(System.err::println));
      } else {
        run(args);
      }
    } catch (IOException | InterruptedException e) {
      // The message is for the user, who reads it in the log.
      System.err.println(e.getMessage());
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(String[] args) throws IOException, InterruptedException {
    String host = args.length > 2 ? args[2] : "127.0.0.1";
    InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(args[1]));
    Path ready = Path.of(args[0]).resolve("ready");
    String users = System.getenv(ENDPOINT);
    if (users != null && !users.isBlank()) {
      forward(address, users, ready);
      return;
    }
    ModelSettings settings = settings();
    Path binary = args.length > 3 ? Path.of(args[3]) : Dynoxide.fetch(System.err::println);
    NativeServer server = Dynoxide.start(binary, System.err::println);
    ServiceModel.at(address, server.address(), settings, System::nanoTime);
    Files.createFile(ready);
    throw new IOException("dynoxide has ended with exit code " + server.exit().join());
  }

  private static ModelSettings settings() throws IOException {
    String text = System.getenv(MODEL);
    try {
      return ModelSettings.of(text == null ? "" : text);
    } catch (IllegalArgumentException e) {
      throw new IOException(MODEL + "=" + text + ": " + e.getMessage(), e);
    }
  }

  private static void forward(InetSocketAddress address, String users, Path ready)
      throws IOException, InterruptedException {
    URI server;
    try {
      server = ServerAddress.parse(users);
    } catch (IllegalArgumentException e) {
      throw new IOException(ENDPOINT + " " + e.getMessage() + ".", e);
    }
    ServerAddress.requireAnswer(server);
    ServiceModel.forwarding(address, server);
    System.err.println("requests are forwarded to " + server);
    Files.createFile(ready);
    Thread.currentThread().join();
  }
}
