// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the records that {@link SharedRecords#list} finds.
 *
 * @param records in the order of their names; a page may have none before the end
 * @param next the name after which the next page begins, or null at the end
 */
public record SharedRecordPage(List<SharedRecord> records, @Nullable String next) {

  /** Copies the list. */
  public SharedRecordPage {
    records = List.copyOf(records);
  }
}
