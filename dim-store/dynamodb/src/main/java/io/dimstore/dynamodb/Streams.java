package io.dimstore.dynamodb;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * What a table's stream has to be: it records new images, which a put is told from, and old ones,
 * which have the version of an item that was removed without a tombstone.
 */
final class Streams {

  static final StreamSpecification SPECIFICATION =
      StreamSpecification.builder()
          .streamEnabled(true)
          .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)
          .build();

  static final String REMEDY =
      "create the table with 'change-feed' = 'true', or switch its stream on with"
          + " StreamViewType=NEW_AND_OLD_IMAGES.";

  private Streams() {}

  /**
   * The ARN of the stream.
   *
   * @throws StoreException NO_TABLE where there is none of the right kind
   */
  static String requireOn(TableDescription table) {
    StreamSpecification found = table.streamSpecification();
    String arn = table.latestStreamArn();
    if (found == null || !Boolean.TRUE.equals(found.streamEnabled()) || arn == null) {
      throw new StoreException(
          Kind.NO_TABLE,
          "The changes of DynamoDB table "
              + table.tableName()
              + " are not recorded, for it has no stream: "
              + REMEDY);
    }
    if (found.streamViewType() != StreamViewType.NEW_AND_OLD_IMAGES) {
      throw new StoreException(
          Kind.NO_TABLE,
          "The stream of DynamoDB table "
              + table.tableName()
              + " records "
              + found.streamViewTypeAsString()
              + ", and NEW_AND_OLD_IMAGES are needed: "
              + REMEDY);
    }
    return arn;
  }
}
