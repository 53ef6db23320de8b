// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import io.dimstore.dynamodb.internal.encoding.SystemAttributes;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/**
 * Checks the time to live of a table. A time to live on an attribute that is not the store's is
 * refused, because the service would delete acknowledged rows and tombstones in which that
 * attribute holds a past time.
 */
final class TimeToLiveRule {

  private TimeToLiveRule() {}

  /** Returns whether the time to live is enabled, or being enabled, on the store's attribute. */
  static boolean isOurs(TimeToLiveDescription found) {
    return SystemAttributes.TIME_TO_LIVE.equals(found.attributeName())
        && found.timeToLiveStatus() != TimeToLiveStatus.DISABLED
        && found.timeToLiveStatus() != TimeToLiveStatus.DISABLING;
  }

  /**
   * Returns the refusal of a table whose time to live deletes acknowledged rows, or null for
   * another table. The refusal is INVALID and contains the commands that correct the table. While
   * the service is disabling that time to live, it is UNAVAILABLE.
   */
  static @Nullable StoreException refusal(String table, TimeToLiveDescription found) {
    String attribute = found.attributeName();
    if (attribute == null
        || attribute.equals(SystemAttributes.TIME_TO_LIVE)
        || found.timeToLiveStatus() == TimeToLiveStatus.DISABLED) {
      return null;
    }
    if (found.timeToLiveStatus() == TimeToLiveStatus.DISABLING) {
      return new StoreException(
          Kind.UNAVAILABLE,
          "DynamoDB table "
              + table
              + ": its time to live on attribute '"
              + attribute
              + "' is being disabled, which takes up to an hour. Until then the service may delete"
              + " acknowledged rows; try again when it is disabled.");
    }
    return StoreException.invalid(
        "DynamoDB table "
            + table
            + " has its time to live on attribute '"
            + attribute
            + "'. The service deletes acknowledged rows in which this attribute holds a past time."
            + " To make rows expire, write an expiry instead. Remedy: "
            + command(table, false, attribute)
            + " and, when that has taken effect (up to an hour), "
            + command(table, true, SystemAttributes.TIME_TO_LIVE));
  }

  /** Returns the command that enables or disables the time to live on an attribute. */
  static String command(String table, boolean enabled, String attribute) {
    return "aws dynamodb update-time-to-live --table-name "
        + table
        + " --time-to-live-specification Enabled="
        + enabled
        + ",AttributeName="
        + attribute;
  }
}
