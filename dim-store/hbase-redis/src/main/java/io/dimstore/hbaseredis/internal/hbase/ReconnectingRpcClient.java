// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.client.MetricsConnection;
import org.apache.hadoop.hbase.ipc.CallTimeoutException;
import org.apache.hadoop.hbase.ipc.HBaseRpcController;
import org.apache.hadoop.hbase.ipc.NettyRpcClient;
import org.apache.hadoop.hbase.ipc.RpcClientFactory;
import org.apache.hadoop.hbase.security.User;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hbase.thirdparty.com.google.protobuf.RpcChannel;
import org.jspecify.annotations.Nullable;

/**
 * The RPC client of HBase, which also closes the connections to a server that has stopped
 * answering. HBase itself fails a call that times out and keeps the connection, because the server
 * may only be slow. If the server or the network between has vanished without closing the
 * connection (half-open), every later call on it times out, too: a connection counts as idle only
 * while nothing is sent on it.
 *
 * <p>A call that times out closes the connections to its server if it waited long enough ({@link
 * AnswerTimes}) and the server has answered no other call since that call was sent. The calls in
 * flight on them fail and are retried on a new connection, as after any lost connection. With
 * {@code hbase.client.ipc.pool.size} above 1, answers on one connection keep another one alive.
 */
final class ReconnectingRpcClient extends NettyRpcClient {

  private final AnswerTimes times;

  /** HBase creates it by reflection, with these parameters. */
  ReconnectingRpcClient(
      Configuration configuration,
      String clusterId,
      SocketAddress localAddress,
      MetricsConnection metrics,
      Map<String, byte[]> attributes) {
    super(configuration, clusterId, localAddress, metrics, attributes);
    this.times = new AnswerTimes(configuration);
  }

  /**
   * Selects this class in the settings, unless HBase's class loader does not see it: Flink loads
   * {@code org.apache.hadoop} from its own class path first, where someone may have put HBase.
   */
  static void select(Configuration settings) {
    String name = ReconnectingRpcClient.class.getName();
    try {
      Class<?> seen = Class.forName(name, false, RpcClientFactory.class.getClassLoader());
      if (seen == ReconnectingRpcClient.class) {
        settings.set(RpcClientFactory.CUSTOM_RPC_CLIENT_IMPL_CONF_KEY, name);
      }
    } catch (ClassNotFoundException e) {
      // HBase's own client is used.
    }
  }

  @Override
  public RpcChannel createRpcChannel(ServerName server, User user, int rpcTimeout) {
    RpcChannel channel = super.createRpcChannel(server, user, rpcTimeout);
    return (method, controller, request, prototype, done) -> {
      long sent = System.nanoTime();
      channel.callMethod(
          method,
          controller,
          request,
          prototype,
          answer -> {
            // Before the caller, which retries the call.
            if (controller instanceof HBaseRpcController call) {
              ended(server, call.getFailed(), sent);
            }
            done.run(answer);
          });
    };
  }

  private void ended(ServerName server, @Nullable IOException failure, long sent) {
    long now = System.nanoTime();
    if (failure == null || failure instanceof RemoteException) {
      times.answered(server, now);
    } else if (failure instanceof CallTimeoutException && times.showsSilence(server, sent, now)) {
      cancelConnections(server);
    }
  }
}
