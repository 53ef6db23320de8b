package io.dimstore.dynamodb;

import io.dimstore.spi.Deadline;
import io.dimstore.spi.Key;
import io.dimstore.spi.Projection;
import io.dimstore.spi.Put;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Answers lookups of one table. Thread-safe. */
interface RowReader {

  /** Element i answers {@code keys.get(i)}: the row, or null where it is absent. */
  CompletableFuture<List<@Nullable Put>> get(List<Key> keys, Projection columns, Deadline deadline);
}
