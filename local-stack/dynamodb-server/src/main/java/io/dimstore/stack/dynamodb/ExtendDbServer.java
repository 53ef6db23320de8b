// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.dynamodb;

import io.dimstore.stack.dynamodb.model.ServiceModel;
import io.dimstore.stack.dynamodb.program.ExtendDb;
import io.dimstore.stack.dynamodb.program.NativeServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * ExtendDB with a proxy before it, for tests. The proxy changes no request, since the server
 * verifies signatures. It forwards a request only when it has all of it: a request that is cut off,
 * because its client has gone, would leave the server's database locked.
 */
public final class ExtendDbServer implements AutoCloseable {

  private final NativeServer server;
  private final ServiceModel proxy;

  private ExtendDbServer(NativeServer server, ServiceModel proxy) {
    this.server = server;
    this.proxy = proxy;
  }

  /**
   * Starts the server and the proxy. Fetches the server first if that has not been done before.
   *
   * @param folder receives the server's file
   * @throws IOException if it cannot be fetched or does not start, with a message for the user
   */
  public static ExtendDbServer start(Path folder) throws IOException {
    NativeServer server = ExtendDb.start(folder);
    try {
      return new ExtendDbServer(server, ServiceModel.oneWriteAtATime(server.address()));
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** Returns the address that clients use. */
  public URI address() {
    return URI.create(proxy.address());
  }

  /** Ends the proxy and the server. */
  @Override
  public void close() {
    try (server) {
      proxy.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
