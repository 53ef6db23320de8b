// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import io.dimstore.spi.Column;
import io.dimstore.spi.DimensionStore;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetric;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.support.BlockingCalls;
import io.dimstore.spi.support.CallResult;
import io.dimstore.spi.support.CommonOptions;
import io.dimstore.spi.support.TableOptions;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A store on an {@link OrderedClient}. It holds keys and values of all types that are not nested,
 * as {@link io.dimstore.spi.KeyCodec} encodes them. Thread-safe.
 *
 * @param <C> a connection of the client
 */
public final class OrderedStore<C> implements DimensionStore {

  /** What every such store reports to its metrics. */
  public static final List<StoreMetric> METRICS = List.of(StoreMetric.count("superseded"));

  private final String id;
  private final Collection<StoreOption<?>> options;
  private final OrderedClient<C> client;
  private final StoreMetrics metrics;
  private final BlockingCalls<C> calls;
  private final long retentionMillis;

  /**
   * Opens a store, without I/O.
   *
   * @param id the store's id
   * @param options every option of the store, of both scopes
   * @param config has the values of {@link CommonOptions}
   * @param connections the largest number of calls that run at the same time
   */
  public OrderedStore(
      String id,
      Collection<StoreOption<?>> options,
      StoreConfig config,
      int connections,
      OrderedClient<C> client,
      StoreMetrics metrics,
      InstantSource clock) {
    this.id = id;
    this.options = options;
    this.client = client;
    this.metrics = metrics;
    this.calls = new BlockingCalls<>(id, config, connections, client, metrics, clock);
    this.retentionMillis = config.get(CommonOptions.TOMBSTONE_RETENTION).toMillis();
  }

  @Override
  public DimensionTable table(TableSpec spec) {
    calls.requireOpen();
    return new OrderedTable<>(id, checked(spec), client, calls, metrics, retentionMillis);
  }

  @Override
  public CompletionStage<Void> createIfAbsent(TableSpec spec) {
    return admin(
        connection -> client.create(connection, checked(spec).name(), Declaration.of(spec).text()));
  }

  @Override
  public CompletionStage<Void> validate(TableSpec spec) {
    return admin(
        connection ->
            declaration(client, connection, id, checked(spec).name()).requireFits(id, spec));
  }

  @Override
  public CompletionStage<Void> ping() {
    return admin(client::ping);
  }

  @Override
  public void close() {
    calls.close();
  }

  private interface Work<C> {
    void run(C connection) throws Exception;
  }

  private CompletionStage<Void> admin(Work<C> work) {
    return calls.call(
        Operation.ADMIN,
        1,
        (connection, now) -> {
          work.run(connection);
          return CallResult.done(0);
        });
  }

  private TableSpec checked(TableSpec spec) {
    TableOptions.of(id, options, spec);
    if (spec.name().length() > client.maxName()) {
      throw StoreException.invalid(
          "Store '"
              + id
              + "' holds names of tables of at most "
              + client.maxName()
              + " characters; refused: '"
              + spec.name()
              + "'");
    }
    for (Column column : spec.columns()) {
      if (!column.type().isAtomic()) {
        throw StoreException.invalid("Store '" + id + "' cannot hold column " + column);
      }
    }
    return spec;
  }

  /**
   * Returns the declaration of a table.
   *
   * @throws StoreException NO_TABLE if it does not exist
   */
  static <C> Declaration declaration(
      OrderedClient<C> client, C connection, String store, String table) throws Exception {
    String text = client.declaration(connection, table);
    if (text == null) {
      throw new StoreException(
          StoreException.Kind.NO_TABLE,
          "Store '" + store + "' has no table '" + table + "': create it");
    }
    return Declaration.parse(text);
  }
}
