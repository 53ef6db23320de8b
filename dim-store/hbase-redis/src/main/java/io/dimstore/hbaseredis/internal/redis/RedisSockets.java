// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

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
 * Creates sockets whose waits (for a connection, a handshake or an answer) end when the waiting
 * thread is interrupted. Sockets of channels have this property; plain sockets wait until their
 * timeout. It extends the client's own factory because the client requires that type.
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

  /** Whether a TCP connection was established, even if it failed afterwards. */
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
