package io.dimstore.dynamodb;

import io.dimstore.dynamodb.ReadCall.Wanted;
import io.dimstore.spi.ChangeValidator;
import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads rows by key, a hundred in a request, and asks again for what was left unprocessed (R2). */
final class BatchReader implements RowReader {

  /** Callers have a few projections; one who has many does without keeping them. */
  private static final int MAX_LANES = 64;

  private final String table;
  private final boolean consistent;
  private final KeyLayout keyLayout;
  private final ItemLayout items;
  private final ChangeValidator validator;
  private final Engine engine;
  private final Map<Projection, ReadLane> lanes = new ConcurrentHashMap<>();

  BatchReader(
      String table,
      boolean consistent,
      KeyLayout keyLayout,
      ItemLayout items,
      ChangeValidator validator,
      Engine engine) {
    this.table = table;
    this.consistent = consistent;
    this.keyLayout = keyLayout;
    this.items = items;
    this.validator = validator;
    this.engine = engine;
  }

  @Override
  public CompletableFuture<List<@Nullable Put>> get(
      List<Key> keys, Projection projection, Deadline deadline) {
    ReadLane lane = lane(projection);
    ReadCall call = new ReadCall(keys.size(), deadline);
    Map<Key, Wanted> distinct = new HashMap<>(keys.size() * 2);
    List<Wanted> toRead = new ArrayList<>(keys.size());
    for (Key key : keys) {
      Wanted wanted = new Wanted(key, call);
      Wanted before = distinct.putIfAbsent(key, wanted);
      if (before == null && canHold(key)) {
        toRead.add(wanted);
      }
      call.asks(before == null ? wanted : before);
    }
    CompletableFuture<List<@Nullable Put>> result = call.begin(toRead.size());
    lane.read(toRead);
    return result;
  }

  /** A key that cannot be stored is absent (R10), and would fail the whole request. */
  private boolean canHold(Key key) {
    return validator.problemOf(key) == null && keyLayout.problemOf(key) == null;
  }

  private ReadLane lane(Projection projection) {
    ReadLane known = lanes.get(projection);
    if (known != null) {
      return known;
    }
    ReadLane lane =
        new ReadLane(table, consistent, keyLayout, items, items.plan(projection), engine);
    if (lanes.size() >= MAX_LANES) {
      return lane;
    }
    ReadLane other = lanes.putIfAbsent(projection, lane);
    return other == null ? lane : other;
  }
}
