// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support.ordered;

import io.dimstore.spi.BoundedScans;
import io.dimstore.spi.Change;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.KeyCodec;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreMetrics;
import io.dimstore.spi.StoreMetrics.Operation;
import io.dimstore.spi.TableSpec;
import io.dimstore.spi.UnreadableRow;
import io.dimstore.spi.support.BlockingCalls;
import io.dimstore.spi.support.CallResult;
import io.dimstore.spi.support.ChangeValidator;
import io.dimstore.spi.support.KeyRange;
import io.dimstore.spi.support.NewestPerKey;
import io.dimstore.spi.support.RequestedKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A handle on a table of an {@link OrderedStore}. Each call reads the table's declaration. */
final class OrderedTable<C> implements DimensionTable, BoundedScans {

  private static final int WRITES_PER_SWEEP = 1_024;
  private static final int ENTRIES_PER_SWEEP = 2 * WRITES_PER_SWEEP;

  private final String store;
  private final TableSpec spec;
  private final OrderedClient<C> client;
  private final BlockingCalls<C> calls;
  private final StoreMetrics metrics;
  private final ChangeValidator validator;
  private final KeyCodec keys;
  private final EntryWriter writer;
  private final AtomicInteger writes = new AtomicInteger();

  OrderedTable(
      String store,
      TableSpec spec,
      OrderedClient<C> client,
      BlockingCalls<C> calls,
      StoreMetrics metrics,
      long retentionMillis) {
    this.store = store;
    this.spec = spec;
    this.client = client;
    this.calls = calls;
    this.metrics = metrics;
    this.validator = new ChangeValidator(spec);
    this.keys = new KeyCodec(spec.key());
    this.writer = new EntryWriter(spec, retentionMillis);
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> wanted, Projection columns) {
    return calls.call(
        Operation.GET,
        wanted.size(),
        (connection, now) -> {
          RequestedKeys requested = new RequestedKeys(wanted, validator);
          EntryReader reader = new EntryReader(declaration(connection), spec, columns);
          List<byte[]> distinct = requested.distinct().stream().map(keys::encode).toList();
          client.read(
              connection, spec.name(), distinct, entry -> add(requested, reader, entry, now));
          return new CallResult<>(requested.answer(), distinct.size());
        });
  }

  private static void add(RequestedKeys requested, EntryReader reader, Entry entry, long now) {
    try {
      if (!entry.hasEnded(now) && reader.read(entry, now) instanceof Put put) {
        requested.add(put);
      }
    } catch (StoreException e) {
      requested.addUnreadable(e);
    }
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return calls.call(
        Operation.WRITE,
        changes.size(),
        (connection, now) -> {
          validator.checkAll(changes);
          Declaration stored = declaration(connection);
          stored.requireWritable(store, spec);
          List<Entry> entries =
              writer.entries(NewestPerKey.of(changes), stored, client.maxBytes(), now);
          int superseded = entries.size() - client.apply(connection, spec.name(), entries, now);
          if (superseded > 0) {
            metrics.count("superseded", superseded);
          }
          if (writes.addAndGet(entries.size()) >= WRITES_PER_SWEEP) {
            writes.set(0);
            sweep(connection, now);
          }
          return CallResult.done(entries.size());
        });
  }

  private void sweep(C connection, long now) {
    try {
      client.sweep(connection, spec.name(), now, ENTRIES_PER_SWEEP);
    } catch (Exception e) {
      // The changes are applied, and a later sweep removes the entries.
    }
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return calls.call(
        Operation.SCAN,
        1,
        (connection, now) -> {
          if (desired < 1) {
            throw StoreException.invalid("A scan has at least 1 split, not " + desired);
          }
          KeyRange all = KeyRange.of(store, spec, options);
          declaration(connection);
          List<byte[]> bounds =
              all.isEmpty()
                  ? List.of()
                  : client.bounds(connection, spec.name(), all.from(), all.to(), desired);
          return new CallResult<>(all.splitAt(bounds), 0);
        });
  }

  @Override
  public boolean isBounded(ScanOptions options) {
    return true;
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return calls.call(
        Operation.SCAN,
        1,
        (connection, now) -> {
          if (maxEntries < 1) {
            throw StoreException.invalid("A page has at least 1 entry, not " + maxEntries);
          }
          KeyRange range = KeyRange.parse(store, spec, split);
          ScanPage page = page(connection, range, maxEntries, now);
          return new CallResult<>(page, page.changes().size());
        });
  }

  private ScanPage page(C connection, KeyRange range, int maxEntries, long now) throws Exception {
    EntryReader reader = new EntryReader(declaration(connection), spec, range.columns());
    List<Entry> entries = new ArrayList<>();
    if (!range.isEmpty()) {
      client.scan(connection, spec.name(), range.from(), range.to(), maxEntries, entries::add);
    }
    List<Change> changes = new ArrayList<>();
    List<UnreadableRow> unreadable = new ArrayList<>();
    for (Entry entry : entries) {
      try {
        if (!entry.hasEnded(now)) {
          Change change = reader.read(entry, now);
          if (change instanceof Put || range.tombstones()) {
            changes.add(change);
          }
        }
      } catch (StoreException e) {
        Key key = e.keys().isEmpty() ? null : e.keys().get(0);
        unreadable.add(new UnreadableRow(key, String.valueOf(e.getMessage())));
      }
    }
    ScanSplit remaining =
        entries.size() < maxEntries
            ? null
            : range.after(entries.get(entries.size() - 1).key()).split();
    return new ScanPage(changes, unreadable, remaining);
  }

  private Declaration declaration(C connection) throws Exception {
    return OrderedStore.declaration(client, connection, store, spec.name());
  }
}
