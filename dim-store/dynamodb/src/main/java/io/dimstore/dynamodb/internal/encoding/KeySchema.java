// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import io.dimstore.dynamodb.internal.encoding.KeyLayout.KeyAttribute;
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
 * The key that a table must have, in the service's terms: a partition key, an optional sort key,
 * and the types of both. Immutable.
 */
public final class KeySchema {

  private final List<KeyAttribute> attributes;

  public KeySchema(KeyLayout key) {
    this.attributes = key.attributes();
  }

  /** Adds this key to a request that creates a table. */
  public void applyTo(CreateTableRequest.Builder create) {
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
   * Compares this key with the key of an existing table.
   *
   * @throws StoreException INVALID, naming both, if they differ
   */
  public void requireSame(String table, TableDescription existing) {
    List<String> required = required();
    List<String> actual = keyOf(existing);
    if (!required.equals(actual)) {
      throw StoreException.invalid(
          "DynamoDB table "
              + table
              + " has the key ("
              + String.join(", ", actual)
              + ") but the declared key columns need ("
              + String.join(", ", required)
              + "): change the key columns, or use another table.");
    }
  }

  /** Whether an existing table has this key. */
  public boolean isSame(TableDescription existing) {
    return required().equals(keyOf(existing));
  }

  private List<String> required() {
    return attributes.stream().map(a -> a.name() + " " + a.type()).toList();
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
