package io.dimstore.dynamodb;

import io.dimstore.spi.ChangeFeed;
import io.dimstore.spi.Column;
import io.dimstore.spi.TableSpec;
import io.dimstore.stack.LocalStackExtension;
import io.dimstore.tck.Provocation;
import io.dimstore.tck.StoreHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Reaches the store on the local server, and through a {@link FaultProxy} what misbehaves. */
final class DynamoDbHarness implements StoreHarness {

  private final Map<String, String> options;
  private final FaultProxy proxy;

  DynamoDbHarness(LocalStackExtension stack) {
    this.options = Local.options(stack);
    try {
      this.proxy = new FaultProxy(options.getOrDefault("endpoint", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String store() {
    return "dynamodb";
  }

  @Override
  public Map<String, String> options() {
    return options;
  }

  @Override
  public TableSpec table(String name, List<Column> columns, List<String> keyColumns) {
    return new TableSpec(name, columns, keyColumns, Map.of("change-feed", "true"));
  }

  @Override
  public Set<Class<?>> capabilities() {
    return Set.of(ChangeFeed.class);
  }

  @Override
  public Map<String, String> provokedOptions() {
    return Map.of("endpoint", proxy.address());
  }

  @Override
  public Duration shortDeadline() {
    return Duration.ofMillis(500);
  }

  @Override
  public Map<Provocation, String> cannot() {
    Map<Provocation, String> cannot = new EnumMap<>(Provocation.class);
    cannot.put(Provocation.REORGANISED, "the local server does not split its partitions");
    cannot.put(Provocation.CACHE_STUCK, "the store keeps no copies");
    cannot.put(Provocation.CHANGES_DROPPED, "the local server keeps its streams to the end");
    return cannot;
  }

  @Override
  public Runnable provoke(Provocation what, TableSpec table) {
    Map<String, WireFault> faults = new HashMap<>();
    Function<String, WireFault> others = target -> WireFault.none();
    switch (what) {
      case PARTIAL_ANSWERS ->
          faults.put("BatchGetItem", alternating(ReadFaultsIT.unprocessed(), WireFault.none()));
      case NOTHING_PROCESSED -> faults.put("BatchGetItem", ReadFaultsIT.unprocessed());
      case HALF_WRITES -> others = failingAfterTheFirst();
      case DENIED -> others = always(WireFault.error(400, "AccessDeniedException", "Not yours"));
      case THROTTLED -> others = always(PassingFault.THROTTLED_TABLE.fault());
      case AWAY -> others = always(WireFault.reset());
      case STUCK -> others = always(WireFault.silence());
      default -> throw new UnsupportedOperationException(what + " cannot be provoked");
    }
    faults.forEach(proxy::always);
    proxy.otherwise(others);
    return proxy::heal;
  }

  private static Function<String, WireFault> always(WireFault fault) {
    return target -> fault;
  }

  /** Of the requests that write, the first passes and the others fail. */
  private static Function<String, WireFault> failingAfterTheFirst() {
    AtomicInteger writes = new AtomicInteger();
    WireFault failing = WireFault.error(500, "InternalServerError", "Not now");
    return target ->
        target.contains("Get") || target.contains("Describe") || writes.getAndIncrement() == 0
            ? WireFault.none()
            : failing;
  }

  private static WireFault alternating(WireFault one, WireFault other) {
    AtomicInteger requests = new AtomicInteger();
    return wire -> (requests.getAndIncrement() % 2 == 0 ? one : other).play(wire);
  }

  @Override
  public void close() {
    try {
      proxy.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
