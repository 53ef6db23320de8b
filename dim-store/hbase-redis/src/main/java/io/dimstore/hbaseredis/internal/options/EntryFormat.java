// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.options;

/** The format of a table's entries in Redis. */
public enum EntryFormat {
  /** A string with packed bytes. */
  PACKED,
  /** A hash with a field, as text, for each column that is not null. */
  HASH,
  /** A string that is a JSON object. */
  JSON
}
