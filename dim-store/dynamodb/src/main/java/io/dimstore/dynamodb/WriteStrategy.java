package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The way in which items reach the table. Writes of a key in this process go one after the other in
 * the order in which they came. All but {@link UnguardedBatches} keep R3: an item replaces the
 * stored one if its version is at least that one's, and a superseded write is success.
 */
interface WriteStrategy {

  /** Ends when every write has ended, and fails with the first failure among them. */
  CompletableFuture<@Nullable Void> apply(List<ItemWrite> writes, Deadline deadline);

  /**
   * An item to write, whole.
   *
   * @param key its key, no other of the batch
   * @param version its version
   * @param item its attributes
   * @param bytes its size as the service counts it
   * @param statements the statements of its layout
   */
  record ItemWrite(
      Key key, long version, Map<String, AttributeValue> item, int bytes, Statements statements) {}
}
