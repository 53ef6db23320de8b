// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.ServerName;
import org.apache.hadoop.hbase.client.MetricsConnection;
import org.apache.hadoop.hbase.ipc.HBaseRpcController;
import org.apache.hadoop.hbase.ipc.RpcClient;
import org.apache.hadoop.hbase.ipc.RpcClientFactory;
import org.apache.hadoop.hbase.security.User;
import org.apache.hadoop.hbase.shaded.protobuf.ResponseConverter;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.Action;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.GetRequest;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.MultiRequest;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.MultiResponse;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.MutateRequest;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.RegionAction;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.RegionActionResult;
import org.apache.hadoop.hbase.shaded.protobuf.generated.ClientProtos.ResultOrException;
import org.apache.hadoop.hbase.shaded.protobuf.generated.HBaseProtos.RegionSpecifier;
import org.apache.hbase.thirdparty.com.google.protobuf.BlockingRpcChannel;
import org.apache.hbase.thirdparty.com.google.protobuf.Message;
import org.apache.hbase.thirdparty.com.google.protobuf.RpcCallback;
import org.apache.hbase.thirdparty.com.google.protobuf.RpcChannel;
import org.apache.hbase.thirdparty.com.google.protobuf.RpcController;

/**
 * The store's RPC client of HBase, with refusals as a region server sends them: of requests, or of
 * some rows of a request. The rest of the request is carried out by the server. One refusal at a
 * time holds for all clients of this class in the process.
 */
public final class RefusingRpcClient implements RpcClient {

  /** Refuses requests to region servers. */
  private sealed interface Refusal {}

  private record OfRequests(IOException why) implements Refusal {}

  /** Lets the server carry out the first request of a kind, and loses its answer. */
  private record LostAnswer(Predicate<Message> which, AtomicBoolean lost) implements Refusal {}

  /** Refuses the last rows of each request for rows of a table. */
  private record OfRows(
      String table, Predicate<Action> which, IntUnaryOperator carriedOut, IOException why)
      implements Refusal {

    boolean concerns(MultiRequest request) {
      return tableOf(request.getRegionAction(0).getRegion()).equals(table)
          && which.test(request.getRegionAction(0).getAction(0));
    }
  }

  private static volatile Refusal refusal;

  private final RpcClient client;

  /** HBase creates it by reflection, with these parameters. */
  RefusingRpcClient(
      Configuration configuration,
      String clusterId,
      SocketAddress localAddress,
      MetricsConnection metrics,
      Map<String, byte[]> attributes) {
    Configuration settings = new Configuration(configuration);
    ReconnectingRpcClient.select(settings);
    this.client =
        RpcClientFactory.createClient(settings, clusterId, localAddress, metrics, attributes);
  }

  /** Returns the options of a store that uses this client. */
  public static Map<String, String> options() {
    return Map.of(
        RpcClientFactory.CUSTOM_RPC_CLIENT_IMPL_CONF_KEY, RefusingRpcClient.class.getName());
  }

  /** Refuses all gets and mutations until the returned function is run. */
  public static Runnable refuseRequests(IOException why) {
    return refuse(new OfRequests(why));
  }

  /** Loses the answer to the first mutation of a single row. */
  public static Runnable loseFirstAnswer() {
    return refuse(new LostAnswer(MutateRequest.class::isInstance, new AtomicBoolean()));
  }

  /**
   * Loses the answer to the first batch of conditional mutations of rows of a table.
   *
   * @param lost is set when the answer is lost
   */
  public static Runnable loseFirstConditionalAnswer(String table, AtomicBoolean lost) {
    return refuse(
        new LostAnswer(
            request ->
                request instanceof MultiRequest multi
                    && multi.getRegionAction(0).hasCondition()
                    && tableOf(multi.getRegionAction(0).getRegion()).equals(table),
            lost));
  }

  /**
   * Refuses the last gets of each batch until the returned function is run.
   *
   * @param table a table with one region
   * @param carriedOut returns how many rows of a batch are carried out, of how many
   */
  public static Runnable refuseGets(String table, IntUnaryOperator carriedOut, IOException why) {
    return refuse(new OfRows(table, Action::hasGet, carriedOut, why));
  }

  /** Refuses the last mutations of each batch, otherwise like {@link #refuseGets}. */
  public static Runnable refuseMutations(
      String table, IntUnaryOperator carriedOut, IOException why) {
    return refuse(new OfRows(table, Action::hasMutation, carriedOut, why));
  }

  private static Runnable refuse(Refusal now) {
    refusal = now;
    return () -> refusal = null;
  }

  @Override
  public RpcChannel createRpcChannel(ServerName server, User user, int rpcTimeout) {
    RpcChannel channel = client.createRpcChannel(server, user, rpcTimeout);
    return (method, controller, request, prototype, done) -> {
      Refusal now = refusal;
      if (now instanceof OfRequests whole && isOfRows(request)) {
        fail(controller, whole.why(), done);
      } else if (now instanceof LostAnswer one
          && one.which().test(request)
          && one.lost().compareAndSet(false, true)) {
        channel.callMethod(
            method,
            controller,
            request,
            prototype,
            answer -> fail(controller, new IOException("The answer is lost"), done));
      } else if (now instanceof OfRows rows
          && request instanceof MultiRequest multi
          && rows.concerns(multi)) {
        RegionAction all = multi.getRegionAction(0);
        int carriedOut = rows.carriedOut().applyAsInt(all.getActionCount());
        List<Action> refused = all.getActionList().subList(carriedOut, all.getActionCount());
        RpcCallback<Message> completed =
            answer -> done.run(answer == null ? null : with(refused, rows.why(), answer));
        if (carriedOut == 0) {
          completed.run(
              MultiResponse.newBuilder()
                  .addRegionActionResult(RegionActionResult.getDefaultInstance())
                  .build());
        } else {
          channel.callMethod(method, controller, first(carriedOut, multi), prototype, completed);
        }
      } else {
        channel.callMethod(method, controller, request, prototype, done);
      }
    };
  }

  private static void fail(RpcController controller, IOException why, RpcCallback<Message> done) {
    ((HBaseRpcController) controller).setFailed(why);
    done.run(null);
  }

  /** Returns whether the request is a get, a mutation or a batch of them. */
  private static boolean isOfRows(Message request) {
    return request instanceof GetRequest
        || request instanceof MutateRequest
        || request instanceof MultiRequest;
  }

  /** Returns the request for its first rows. */
  private static MultiRequest first(int rows, MultiRequest request) {
    RegionAction all = request.getRegionAction(0);
    return request.toBuilder()
        .setRegionAction(
            0, all.toBuilder().clearAction().addAllAction(all.getActionList().subList(0, rows)))
        .build();
  }

  private static MultiResponse with(List<Action> refused, IOException why, Message answer) {
    MultiResponse.Builder completed = ((MultiResponse) answer).toBuilder();
    for (Action action : refused) {
      completed
          .getRegionActionResultBuilder(0)
          .addResultOrException(
              ResultOrException.newBuilder()
                  .setIndex(action.getIndex())
                  .setException(ResponseConverter.buildException(why)));
    }
    return completed.build();
  }

  /** Returns the table of a region; its name begins with it. */
  private static String tableOf(RegionSpecifier region) {
    String name = region.getValue().toStringUtf8();
    return name.substring(0, name.indexOf(','));
  }

  @Override
  public BlockingRpcChannel createBlockingRpcChannel(ServerName server, User user, int rpcTimeout) {
    return client.createBlockingRpcChannel(server, user, rpcTimeout);
  }

  @Override
  public void cancelConnections(ServerName server) {
    client.cancelConnections(server);
  }

  @Override
  public boolean hasCellBlockSupport() {
    return client.hasCellBlockSupport();
  }

  @Override
  public void close() {
    client.close();
  }
}
