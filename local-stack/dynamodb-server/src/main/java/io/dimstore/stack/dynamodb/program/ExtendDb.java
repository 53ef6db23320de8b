// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The server ExtendDB on one file: a second implementation, which shares no code with dynoxide. It
 * verifies signatures and has no PartiQL. Clients that go away can lock its database: see {@link
 * io.dimstore.stack.dynamodb.ExtendDbServer}.
 */
public final class ExtendDb {

  /** The access key that it accepts, an example of the service's documentation. */
  public static final String ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE";

  /** The secret key of {@link #ACCESS_KEY}. */
  public static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  private ExtendDb() {}

  /**
   * Starts a server and waits until it answers. Fetches it first if that has not been done before.
   *
   * @param folder receives the server's file. In memory, tables are lost under load.
   * @throws IOException if it cannot be fetched or does not start, with a message for the user
   */
  public static NativeServer start(Path folder) throws IOException {
    Path binary = NpmServer.EXTENDDB.fetch(System.err::println);
    Path database = folder.resolve("extenddb.sqlite");
    NativeServer server =
        NativeServer.start(
            "extenddb",
            port ->
                List.of(binary.toString(), "serve", "--foreground", "--port", String.valueOf(port)),
            Map.of("EXTENDDB__STORAGE__SQLITE__PATH", database.toString()),
            System.err::println);
    try {
      createTablesAtOnce(binary, folder, database);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Sets the time until a new table can be used to 0. By default it is a second. */
  private static void createTablesAtOnce(Path binary, Path folder, Path database)
      throws IOException {
    Path settings =
        Files.writeString(
            folder.resolve("extenddb.toml"),
            "[storage]\nbackend = \"sqlite\"\n[storage.sqlite]\npath = \"" + database + "\"\n");
    Process process =
        new ProcessBuilder(
                binary.toString(),
                "settings",
                "--config",
                settings.toString(),
                "set",
                "control_plane_delay_seconds",
                "0")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("extenddb does not accept a setting: " + output);
    }
  }
}
