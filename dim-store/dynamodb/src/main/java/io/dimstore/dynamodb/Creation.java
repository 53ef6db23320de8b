package io.dimstore.dynamodb;

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
 * How new tables are made, as the options say. Tables that are there are left as they are.
 *
 * @param provisioned the capacity, or null for on demand
 * @param kmsKey the key that encrypts the table, or null for the service's own
 * @param tags by name
 */
record Creation(
    @Nullable ProvisionedThroughput provisioned,
    @Nullable String kmsKey,
    boolean deletionProtection,
    TableClass tableClass,
    Map<String, String> tags) {

  /** What a table costs to store and to use. */
  enum StorageClass {
    STANDARD,
    STANDARD_INFREQUENT_ACCESS
  }

  private static final int MOST_TAGS = 50;

  /** INVALID for options that do not fit together. */
  static Creation of(StoreConfig config) {
    Integer read = config.find(DynamoDbOptions.CREATE_READ_UNITS);
    Integer write = config.find(DynamoDbOptions.CREATE_WRITE_UNITS);
    if ((read == null) != (write == null)) {
      throw StoreException.invalid(
          "Option '"
              + (read == null ? "create.read-units" : "create.write-units")
              + "' is missing: both are set for provisioned capacity, none for on demand.");
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

  /** Asks for such a table; what is as the service has it by itself is left out. */
  void applyTo(CreateTableRequest.Builder request) {
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
