// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.hbase;

import io.dimstore.spi.Key;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Collects the rows of a call that cannot be read. Not thread-safe. */
public final class CorruptRows implements BiConsumer<Key, StoreException> {

  private final List<StoreException> failures = new ArrayList<>(0);

  @Override
  public void accept(Key key, StoreException failure) {
    failures.add(failure);
  }

  /** Fails CORRUPT with the keys of these rows, if there are any. */
  public void requireNone() {
    if (!failures.isEmpty()) {
      throw new StoreException(
          Kind.CORRUPT,
          String.valueOf(failures.get(0).getMessage()),
          failures.stream().flatMap(each -> each.keys().stream()).toList(),
          failures.get(0));
    }
  }
}
