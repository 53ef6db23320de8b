package io.dimstore.hbaseredis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * Makes sockets whose every wait, for a connection, a handshake or an answer, ends when the waiting
 * thread is interrupted: those of channels do, others wait for the timeout. The client asks for its
 * own factory's type.
 */
final class RedisSockets extends DefaultJedisSocketFactory {

  private final JedisClientConfig config;
  private final @Nullable RedisTls tls;
  private volatile boolean connected;

  RedisSockets(HostAndPort address, JedisClientConfig config, @Nullable RedisTls tls) {
    super(address, config);
    this.config = config;
    this.tls = tls;
  }

  @Override
  public Socket createSocket() {
    HostAndPort address = getHostAndPort();
    IOException last = null;
    try {
      for (InetAddress each : InetAddress.getAllByName(address.getHost())) {
        try {
          return open(new InetSocketAddress(each, address.getPort()), address);
        } catch (IOException e) {
          last = e;
        }
      }
    } catch (IOException e) {
      last = e;
    }
    throw new JedisConnectionException("No connection to " + address, last);
  }

  /** Whether a server was there, whatever became of the connection. */
  boolean haveConnected() {
    return connected;
  }

  private Socket open(InetSocketAddress place, HostAndPort address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      Socket socket = channel.socket();
      socket.connect(place, config.getConnectionTimeoutMillis());
      connected = true;
      socket.setSoTimeout(config.getSocketTimeoutMillis());
      if (tls == null) {
        return socket;
      }
      SSLSocket secure =
          (SSLSocket)
              tls.sockets().createSocket(socket, address.getHost(), address.getPort(), true);
      secure.setSSLParameters(tls.parameters());
      return secure;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }
}
