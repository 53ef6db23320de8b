package io.dimstore.hbaseredis;

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

/** Ends TLS before a server that speaks none. */
final class TlsRelay implements AutoCloseable {

  /** What the first record of TLS begins with, and no command does. */
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

  /** For whoever speaks TLS. */
  static TlsRelay to(int target, TlsIdentity identity) throws Exception {
    return start(new TlsRelay(target, identity, false));
  }

  /** Also for whoever does not, so that servers which speak none reach each other by its port. */
  static TlsRelay alsoPlainTo(int target, TlsIdentity identity) throws Exception {
    return start(new TlsRelay(target, identity, true));
  }

  private static TlsRelay start(TlsRelay relay) {
    start("accept", relay::accept);
    return relay;
  }

  /**
   * From the next connection on.
   *
   * @param client whose certificate is asked for, null where none is
   */
  void shows(TlsIdentity identity, @Nullable TlsIdentity client) throws Exception {
    terms = new Terms(identity.context(client), client != null);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Connections over TLS so far, those included that came to nothing. */
  int overTls() {
    return overTls.get();
  }

  boolean isUnused() {
    return List.copyOf(open).stream().allMatch(Socket::isClosed);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        start("there", () -> serve(client));
      } catch (IOException e) {
        // The next one, or the end.
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
      // One of the two has gone, and so does the other.
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
      // One of the two has gone, and so does the other.
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
