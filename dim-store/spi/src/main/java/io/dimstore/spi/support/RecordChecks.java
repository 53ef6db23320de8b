// SPDX-License-Identifier: Apache-2.0
package io.dimstore.spi.support;

import io.dimstore.spi.SharedRecords;
import io.dimstore.spi.StoreException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Checks the arguments of {@link SharedRecords}, and encodes text as a part of a name. */
public final class RecordChecks {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:/%+=@*-]*");

  private RecordChecks() {}

  /**
   * Encodes any text, such as the name of a table, as a part of a record's name. The result has no
   * slash.
   */
  public static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Checks a name.
   *
   * @throws StoreException INVALID if it is empty or too long, or has a character that is not
   *     allowed
   */
  public static void requireName(String name) {
    if (name.isEmpty()) {
      throw StoreException.invalid("A shared record needs a name");
    }
    requirePrefix(name);
  }

  /**
   * Checks the arguments of a listing.
   *
   * @throws StoreException INVALID if one is outside the limits
   */
  public static void requireList(String prefix, String after, int maxRecords) {
    requirePrefix(prefix);
    requirePrefix(after);
    if (maxRecords < 1) {
      throw StoreException.invalid("A page has at least 1 record, not " + maxRecords);
    }
  }

  /**
   * Checks the arguments of a replacement.
   *
   * @throws StoreException INVALID if one is outside the limits
   */
  public static void requireReplace(String name, long expectedRevision, String content) {
    requireName(name);
    if (expectedRevision < 0 || expectedRevision == Long.MAX_VALUE) {
      throw StoreException.invalid(
          "Shared record '" + name + "' never has the revision " + expectedRevision);
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(content)) {
      throw StoreException.invalid(
          "The content of shared record '" + name + "' has an unpaired surrogate");
    }
    int bytes = content.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > SharedRecords.MAX_CONTENT_BYTES) {
      throw StoreException.invalid(
          "The content of shared record '"
              + name
              + "' has "
              + bytes
              + " bytes; the most are "
              + SharedRecords.MAX_CONTENT_BYTES);
    }
  }

  private static void requirePrefix(String name) {
    if (name.length() > SharedRecords.MAX_NAME || !NAME.matcher(name).matches()) {
      throw StoreException.invalid(
          "'"
              + name
              + "' cannot be the name of a shared record: a name has at most "
              + SharedRecords.MAX_NAME
              + " of the characters A-Z, a-z, 0-9 and ._:/%+=@*-");
    }
  }
}
