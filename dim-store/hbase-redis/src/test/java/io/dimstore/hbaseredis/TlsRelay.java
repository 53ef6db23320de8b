package io.dimstore.hbaseredis;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/** Ends TLS before a server that speaks none, with a certificate of its own for some host. */
final class TlsRelay implements AutoCloseable {

  private static final String PASSWORD = "changeit";

  private final int target;
  private final Path certificate;
  private final SSLServerSocket server;
  private final List<Socket> open = Collections.synchronizedList(new ArrayList<>());

  private TlsRelay(int target, Path certificate, SSLServerSocket server) {
    this.target = target;
    this.certificate = certificate;
    this.server = server;
  }

  static TlsRelay to(int target, Path folder, String host) throws Exception {
    Path store = folder.resolve(host + ".p12");
    Path certificate = folder.resolve(host + ".pem");
    keytool(
        "-genkeypair -alias s -keyalg EC -validity 2 -storetype PKCS12 -dname CN="
            + host
            + " -ext SAN=dns:"
            + host,
        store);
    keytool("-exportcert -rfc -alias s -file " + certificate, store);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    TlsRelay relay = new TlsRelay(target, certificate, server);
    start("accept", relay::accept);
    return relay;
  }

  private static void keytool(String words, Path store) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(words.split(" ")));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** The PEM file with the certificate, which is its own authority. */
  Path certificate() {
    return certificate;
  }

  boolean isUnused() {
    return List.copyOf(open).stream().allMatch(Socket::isClosed);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(behind);
        start("there", () -> copy(client, behind));
        start("back", () -> copy(behind, client));
      } catch (IOException e) {
        // The next one, or the end.
      }
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
