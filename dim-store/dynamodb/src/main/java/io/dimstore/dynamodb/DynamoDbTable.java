package io.dimstore.dynamodb;

import io.dimstore.spi.Admission;
import io.dimstore.spi.Change;
import io.dimstore.spi.ChangeValidator;
import io.dimstore.spi.DimensionTable;
import io.dimstore.spi.Key;
import io.dimstore.spi.NewestPerKey;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import io.dimstore.spi.ScanOptions;
import io.dimstore.spi.ScanPage;
import io.dimstore.spi.ScanSplit;
import io.dimstore.spi.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A table, put together from its parts. */
final class DynamoDbTable implements DimensionTable {

  private final Admission admission;
  private final ChangeValidator validator;
  private final KeyLayout keyLayout;
  private final ItemLayout items;
  private final BatchReader reader;
  private final WriteStrategy writer;
  private final SegmentScan scan;
  private final InstantSource clock;

  DynamoDbTable(
      Admission admission,
      ChangeValidator validator,
      KeyLayout keyLayout,
      ItemLayout items,
      BatchReader reader,
      WriteStrategy writer,
      SegmentScan scan,
      InstantSource clock) {
    this.admission = admission;
    this.validator = validator;
    this.keyLayout = keyLayout;
    this.items = items;
    this.reader = reader;
    this.writer = writer;
    this.scan = scan;
    this.clock = clock;
  }

  @Override
  public CompletionStage<List<@Nullable Put>> get(List<Key> keys, Projection columns) {
    return admission.admit(keys.size(), deadline -> reader.get(keys, columns, deadline));
  }

  @Override
  public CompletionStage<Void> write(List<Change> changes) {
    return admission.admit(changes.size(), deadline -> writer.apply(prepare(changes), deadline));
  }

  @Override
  public CompletionStage<List<ScanSplit>> splits(int desired, ScanOptions options) {
    return admission.admit(
        1, deadline -> CompletableFuture.completedFuture(scan.splits(desired, options)));
  }

  @Override
  public CompletionStage<ScanPage> scan(ScanSplit split, int maxEntries) {
    return admission.admit(1, deadline -> scan.scan(split, maxEntries, deadline));
  }

  /** Every change is checked and encoded before the first is sent. */
  private List<WriteStrategy.ItemWrite> prepare(List<Change> changes) {
    List<Key> refused = new ArrayList<>();
    @Nullable StoreException first = null;
    List<WriteStrategy.ItemWrite> writes = new ArrayList<>(changes.size());
    for (Change change : changes) {
      try {
        check(change);
      } catch (StoreException e) {
        first = first == null ? e : first;
        refused.add(change.key());
      }
    }
    if (first == null) {
      long now = clock.millis();
      for (Change change : NewestPerKey.of(changes)) {
        try {
          writes.add(encode(change, now));
        } catch (StoreException e) {
          first = first == null ? e : first;
          refused.add(change.key());
        }
      }
    }
    if (first != null) {
      throw new StoreException(
          StoreException.Kind.INVALID, String.valueOf(first.getMessage()), refused, first);
    }
    return writes;
  }

  private void check(Change change) {
    validator.check(change);
    String wrong = keyLayout.problemOf(change.key());
    if (wrong != null) {
      throw StoreException.invalid("Key " + change.key() + ": " + wrong, List.of(change.key()));
    }
  }

  private WriteStrategy.ItemWrite encode(Change change, long now) {
    Map<String, AttributeValue> item = items.encode(change, now);
    int bytes = ItemSize.of(item);
    if (bytes > ItemSize.MAX_BYTES) {
      throw StoreException.invalid(
          "Key "
              + change.key()
              + ": the item has "
              + bytes
              + " bytes and DynamoDB holds up to "
              + ItemSize.MAX_BYTES,
          List.of(change.key()));
    }
    return new WriteStrategy.ItemWrite(change.key(), change.version(), item, bytes);
  }
}
