// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A table that can tell which of its rows were last written by a program that does not use
 * dimstore. It is for tools that check whether such programs still write, not for lookups.
 *
 * <p>Thread-safe; no method blocks. Failures are {@link StoreException}s.
 */
public interface ForeignWrites {

  /**
   * Returns when another program last changed each row, if that was after dimstore's last write of
   * it. The time is what the server recorded with the write. It is misleading if the other program
   * sets timestamps of its own that are no times. If the program removed the row and left no time,
   * it is that of dimstore's last write.
   *
   * @param keys any number; a key that the store cannot hold is answered by null
   * @return a list whose element i belongs to {@code keys.get(i)}: the time, or null if there is no
   *     such row, dimstore wrote it last, or it cannot be read
   */
  CompletionStage<List<@Nullable Instant>> foreignWrites(List<Key> keys);
}
