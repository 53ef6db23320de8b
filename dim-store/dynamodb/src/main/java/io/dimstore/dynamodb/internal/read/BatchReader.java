// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.read;

import io.dimstore.dynamodb.internal.client.StoreContext;
import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.KeyLayout;
import io.dimstore.dynamodb.internal.read.ReadCall.Wanted;
import io.dimstore.spi.Change;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows by key, with up to 100 keys in a request, and requests unprocessed keys again (R2).
 */
public final class BatchReader implements RowReader {

  /**
   * Callers use a few projections. Beyond this number a projection gets a coalescer for one call
   * only.
   */
  private static final int MAX_COALESCERS = 64;

  private final String table;
  private final boolean consistent;
  private final KeyLayout keyLayout;
  private final ItemLayout items;
  private final ChangeValidator validator;
  private final StoreContext context;
  private final Map<Projection, ReadCoalescer> coalescers = new ConcurrentHashMap<>();

  public BatchReader(
      String table,
      boolean consistent,
      KeyLayout keyLayout,
      ItemLayout items,
      ChangeValidator validator,
      StoreContext context) {
    this.table = table;
    this.consistent = consistent;
    this.keyLayout = keyLayout;
    this.items = items;
    this.validator = validator;
    this.context = context;
  }

  @Override
  public CompletableFuture<List<@Nullable Put>> get(
      List<Key> keys, Projection projection, Deadline deadline) {
    return read(keys, projection, new ReadCall<>(Put.class, keys.size(), deadline));
  }

  /** Reads rows and tombstones with all value columns. */
  public CompletableFuture<List<@Nullable Change>> stored(
      List<Key> keys, Projection all, Deadline deadline) {
    return read(keys, all, new ReadCall<>(Change.class, keys.size(), deadline));
  }

  private <C extends Change> CompletableFuture<List<@Nullable C>> read(
      List<Key> keys, Projection projection, ReadCall<C> call) {
    ReadCoalescer coalescer = coalescer(projection);
    Map<Key, Wanted> distinct = new HashMap<>(keys.size() * 2);
    List<Wanted> toRead = new ArrayList<>(keys.size());
    for (Key key : keys) {
      Wanted wanted = new Wanted(key, call);
      Wanted before = distinct.putIfAbsent(key, wanted);
      if (before == null && canHold(key)) {
        toRead.add(wanted);
      }
      call.add(before == null ? wanted : before);
    }
    CompletableFuture<List<@Nullable C>> result = call.begin(toRead.size());
    coalescer.read(toRead);
    return result;
  }

  /**
   * Returns whether a key can be stored. Other keys are absent (R10), and would fail the whole
   * request.
   */
  private boolean canHold(Key key) {
    return validator.problemOf(key) == null && keyLayout.problemOf(key) == null;
  }

  private ReadCoalescer coalescer(Projection projection) {
    ReadCoalescer known = coalescers.get(projection);
    if (known != null) {
      return known;
    }
    ReadCoalescer coalescer =
        new ReadCoalescer(table, consistent, keyLayout, items, items.plan(projection), context);
    if (coalescers.size() >= MAX_COALESCERS) {
      return coalescer;
    }
    ReadCoalescer other = coalescers.putIfAbsent(projection, coalescer);
    return other == null ? coalescer : other;
  }
}
