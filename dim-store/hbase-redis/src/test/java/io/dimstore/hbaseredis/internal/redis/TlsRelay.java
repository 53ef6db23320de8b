// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Terminates TLS before a server that does not use it. It produces no faults; {@link
 * io.dimstore.stack.relay.Relay} does that, without reading the bytes.
 */
public final class TlsRelay implements AutoCloseable {

  /** The first byte of a TLS handshake record, with which no Redis command begins. */
  private static final int HANDSHAKE = 0x16;

  private final int target;
  private final ServerSocket server;
  private final boolean alsoPlain;
  private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger overTls = new AtomicInteger();
  private volatile Terms terms;

  private TlsRelay(int target, TlsIdentity identity, boolean alsoPlain) throws Exception {
    this.target = target;
    this.terms = new Terms(identity.context(null), false);
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.alsoPlain = alsoPlain;
  }

  private record Terms(SSLContext context, boolean demanding) {}

  /** Starts a relay that accepts only TLS. */
  public static TlsRelay to(int target, TlsIdentity identity) throws Exception {
    return start(new TlsRelay(target, identity, false));
  }

  /**
   * Starts a relay that also accepts plain connections, so that servers without TLS reach each
   * other through it.
   */
  public static TlsRelay alsoPlainTo(int target, TlsIdentity identity) throws Exception {
    return start(new TlsRelay(target, identity, true));
  }

  private static TlsRelay start(TlsRelay relay) {
    start("accept", relay::accept);
    return relay;
  }

  /**
   * Sets the identity that the relay presents, from the next connection on.
   *
   * @param client the client identity that is required, null for none
   */
  public void shows(TlsIdentity identity, @Nullable TlsIdentity client) throws Exception {
    terms = new Terms(identity.context(client), client != null);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Returns the number of TLS connections so far, including failed ones. */
  public int overTls() {
    return overTls.get();
  }

  public boolean isUnused() {
    return List.copyOf(open).stream().allMatch(Socket::isClosed);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        start("there", () -> serve(client));
      } catch (IOException e) {
        // Wait for the next connection, or end.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(behind);
      int first = client.getInputStream().read();
      if (first < 0) {
        return;
      }
      if (first == HANDSHAKE || !alsoPlain) {
        overTls.incrementAndGet();
        Terms now = terms;
        InputStream read = new ByteArrayInputStream(new byte[] {(byte) first});
        SSLSocket front =
            (SSLSocket) now.context.getSocketFactory().createSocket(client, read, true);
        front.setNeedClientAuth(now.demanding);
        start("back", () -> copy(behind, front));
        copy(front, behind);
      } else {
        behind.getOutputStream().write(first);
        start("back", () -> copy(behind, client));
        copy(client, behind);
      }
    } catch (IOException e) {
      // One of the two has closed its connection; close the other one too.
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        out.write(some, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One of the two has closed its connection; close the other one too.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "tls-relay-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : List.copyOf(open)) {
      socket.close();
    }
  }
}
