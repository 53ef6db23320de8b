// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.table;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * The required settings of a table's stream. It must record new images, from which puts are
 * decoded, and old images, which have the version of an item that was removed without a tombstone.
 */
public final class StreamSettings {

  static final StreamSpecification SPECIFICATION =
      StreamSpecification.builder()
          .streamEnabled(true)
          .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)
          .build();

  public static final String REMEDY =
      "create the table with 'change-feed' = 'true', or enable its stream with"
          + " StreamViewType=NEW_AND_OLD_IMAGES.";

  private StreamSettings() {}

  /**
   * Returns the ARN of the stream.
   *
   * @throws StoreException NO_TABLE if the table has no stream, or one with other images
   */
  public static String requireOn(TableDescription table) {
    StreamSpecification found = table.streamSpecification();
    String arn = table.latestStreamArn();
    if (found == null || !Boolean.TRUE.equals(found.streamEnabled()) || arn == null) {
      throw new StoreException(
          Kind.NO_TABLE,
          "The changes of DynamoDB table "
              + table.tableName()
              + " are not recorded, because it has no stream: "
              + REMEDY);
    }
    if (found.streamViewType() != StreamViewType.NEW_AND_OLD_IMAGES) {
      throw new StoreException(
          Kind.NO_TABLE,
          "The stream of DynamoDB table "
              + table.tableName()
              + " records "
              + found.streamViewTypeAsString()
              + ", but must record NEW_AND_OLD_IMAGES: "
              + REMEDY);
    }
    return arn;
  }
}
