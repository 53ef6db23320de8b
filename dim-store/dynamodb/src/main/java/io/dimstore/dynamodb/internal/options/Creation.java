// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.options;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.SSESpecification;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.TableClass;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/**
 * The settings of new tables. Existing tables are not changed.
 *
 * @param provisioned the capacity, or null for on demand
 * @param kmsKey the id, ARN or alias of the KMS key that encrypts the table, or null for a key that
 *     AWS owns
 * @param tags the tags by name
 */
public record Creation(
    @Nullable ProvisionedThroughput provisioned,
    @Nullable String kmsKey,
    boolean deletionProtection,
    TableClass tableClass,
    Map<String, String> tags) {

  /** The table class, which sets the prices of storage and of requests. */
  enum StorageClass {
    STANDARD,
    STANDARD_INFREQUENT_ACCESS
  }

  private static final int MOST_TAGS = 50;

  /** Reads the options. Fails INVALID for options that are incomplete, or for too many tags. */
  public static Creation of(StoreConfig config) {
    Integer read = config.find(DynamoDbOptions.CREATE_READ_UNITS);
    Integer write = config.find(DynamoDbOptions.CREATE_WRITE_UNITS);
    if ((read == null) != (write == null)) {
      throw StoreException.invalid(
          "Option '"
              + (read == null ? "create.read-units" : "create.write-units")
              + "' is missing: set both for provisioned capacity, or neither for on demand.");
    }
    Map<String, String> tags = config.prefixed(DynamoDbOptions.CREATE_TAG);
    if (tags.size() > MOST_TAGS) {
      throw StoreException.invalid(
          "Options 'create.tag.*': a table has at most " + MOST_TAGS + " tags.");
    }
    return new Creation(
        read == null || write == null
            ? null
            : ProvisionedThroughput.builder()
                .readCapacityUnits(read.longValue())
                .writeCapacityUnits(write.longValue())
                .build(),
        config.find(DynamoDbOptions.CREATE_KMS_KEY),
        config.get(DynamoDbOptions.CREATE_DELETION_PROTECTION),
        config.get(DynamoDbOptions.CREATE_TABLE_CLASS) == StorageClass.STANDARD
            ? TableClass.STANDARD
            : TableClass.STANDARD_INFREQUENT_ACCESS,
        tags);
  }

  /**
   * Adds the settings to a request that creates a table. Settings that are the service's defaults
   * are left out.
   */
  public void applyTo(CreateTableRequest.Builder request) {
    if (provisioned == null) {
      request.billingMode(BillingMode.PAY_PER_REQUEST);
    } else {
      request.billingMode(BillingMode.PROVISIONED).provisionedThroughput(provisioned);
    }
    if (kmsKey != null) {
      request.sseSpecification(
          SSESpecification.builder()
              .enabled(true)
              .sseType(SSEType.KMS)
              .kmsMasterKeyId(kmsKey)
              .build());
    }
    if (deletionProtection) {
      request.deletionProtectionEnabled(true);
    }
    if (tableClass != TableClass.STANDARD) {
      request.tableClass(tableClass);
    }
    if (!tags.isEmpty()) {
      List<Tag> all =
          tags.entrySet().stream()
              .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
              .toList();
      request.tags(all);
    }
  }
}
