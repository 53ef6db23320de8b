package io.dimstore.dynamodb;

import io.dimstore.dynamodb.KeyLayout.KeyAttribute;
import io.dimstore.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * The key that a table is to have, as the service declares keys: a partition key, perhaps a sort
 * key, and the types of both. Immutable.
 */
final class KeySchema {

  private final List<KeyAttribute> attributes;

  KeySchema(KeyLayout key) {
    this.attributes = key.attributes();
  }

  /** Has the table made with this key. */
  void applyTo(CreateTableRequest.Builder create) {
    List<KeySchemaElement> schema = new ArrayList<>(2);
    List<AttributeDefinition> types = new ArrayList<>(2);
    for (KeyAttribute attribute : attributes) {
      KeyType role = schema.isEmpty() ? KeyType.HASH : KeyType.RANGE;
      schema.add(KeySchemaElement.builder().attributeName(attribute.name()).keyType(role).build());
      types.add(
          AttributeDefinition.builder()
              .attributeName(attribute.name())
              .attributeType(attribute.type())
              .build());
    }
    create.keySchema(schema).attributeDefinitions(types);
  }

  /**
   * Compares it with the key of a table that is there.
   *
   * @throws StoreException INVALID, naming both, where they differ
   */
  void requireSame(String table, TableDescription there) {
    List<String> wanted = attributes.stream().map(a -> a.name() + " " + a.type()).toList();
    List<String> real = keyOf(there);
    if (!wanted.equals(real)) {
      throw StoreException.invalid(
          "DynamoDB table "
              + table
              + " has the key ("
              + String.join(", ", real)
              + ") and these columns need ("
              + String.join(", ", wanted)
              + "): name key columns that fit, or another table.");
    }
  }

  private static List<String> keyOf(TableDescription description) {
    Map<String, String> types =
        description.attributeDefinitions().stream()
            .collect(
                Collectors.toMap(
                    AttributeDefinition::attributeName,
                    AttributeDefinition::attributeTypeAsString));
    return description.keySchema().stream()
        .map(element -> element.attributeName() + " " + types.get(element.attributeName()))
        .toList();
  }
}
