// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreOption;
import io.dimstore.spi.TableSpec;
import java.util.Collection;

/** Checks the options of tables. */
public final class TableOptions {

  private TableOptions() {}

  /**
   * Returns the options of a table.
   *
   * @param store the store's id, for messages
   * @param options every option of the store, of both scopes
   * @throws io.dimstore.spi.StoreException INVALID, naming an option that is unknown or has a wrong
   *     value (R11e)
   */
  public static StoreConfig of(String store, Collection<StoreOption<?>> options, TableSpec spec) {
    return StoreConfig.parse(
        "table '" + spec.name() + "' of store '" + store + "'",
        options,
        StoreOption.Scope.TABLE,
        spec.options());
  }
}
