// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import io.dimstore.dynamodb.internal.encoding.ItemLayout;
import io.dimstore.dynamodb.internal.encoding.ReadPlan;
import io.dimstore.dynamodb.internal.table.StreamSettings;
import io.dimstore.spi.Change;
import io.dimstore.spi.Delete;
import io.dimstore.spi.FeedPage;
import io.dimstore.spi.FeedPosition;
import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.UnreadableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** Decodes the records of a stream to changes. Thread-safe. */
final class StreamRecords {

  /**
   * The time to decode records with. It is before any expiry, so rows and tombstones are decoded as
   * they were written.
   */
  private static final long BEFORE_ALL = Long.MIN_VALUE;

  private final String table;
  private final ItemLayout items;
  private final ReadPlan plan;

  StreamRecords(String table, ItemLayout items, ReadPlan plan) {
    this.table = table;
    this.items = items;
    this.plan = plan;
  }

  FeedPage page(List<Record> records, FeedPosition next, boolean mayHaveMore) {
    List<Change> changes = new ArrayList<>(records.size());
    List<UnreadableRow> unreadable = new ArrayList<>(0);
    for (Record record : records) {
      try {
        Change change = changeOf(record);
        if (change != null) {
          changes.add(change);
        }
      } catch (StoreException e) {
        if (e.kind() != StoreException.Kind.CORRUPT) {
          throw e;
        }
        Key key = e.keys().isEmpty() ? null : e.keys().get(0);
        unreadable.add(new UnreadableRow(key, String.valueOf(e.getMessage())));
      }
    }
    return new FeedPage(changes, unreadable, List.of(next), mayHaveMore);
  }

  /**
   * Decodes a record, or returns null for the removal of a tombstone, which does not change the
   * row.
   */
  private @Nullable Change changeOf(Record record) {
    boolean removed = record.eventName() == OperationType.REMOVE;
    boolean hasImage = removed ? record.dynamodb().hasOldImage() : record.dynamodb().hasNewImage();
    if (!hasImage) {
      throw StoreException.invalid(
          "The stream of DynamoDB table " + table + " records no images: " + StreamSettings.REMEDY);
    }
    Map<String, AttributeValue> image =
        removed ? record.dynamodb().oldImage() : record.dynamodb().newImage();
    if (!removed) {
      return items.decode(image, plan, BEFORE_ALL);
    }
    return items.isTombstone(image) ? null : new Delete(items.keyOf(image), items.versionOf(image));
  }
}
