package io.dimstore.dynamodb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The PartiQL statements that write the items of one layout. Immutable.
 *
 * @param keys the attributes of the primary key
 * @param values the other attributes that an item of this layout may have, version excepted
 * @param usable whether the names can stand in statements of the length that the service takes
 */
record Statements(List<String> keys, List<String> values, boolean usable) {

  private static final int MAX_CHARS = 8192;

  static Statements of(List<String> keys, List<String> columns) {
    List<String> values =
        Stream.concat(
                columns.stream(),
                Stream.of(
                    SystemAttributes.EXPIRY,
                    SystemAttributes.DELETED,
                    SystemAttributes.TIME_TO_LIVE))
            .toList();
    int chars = Stream.concat(keys.stream(), values.stream()).mapToInt(n -> n.length() + 24).sum();
    boolean plain =
        Stream.concat(keys.stream(), values.stream())
            .allMatch(name -> name.indexOf('"') < 0 && name.indexOf('\'') < 0);
    return new Statements(List.copyOf(keys), values, plain && chars + 512 < MAX_CHARS);
  }

  /**
   * A short text that two tables share only if they have the same columns: an item that carries it
   * has no attributes but those of this layout.
   */
  static String fingerprint(List<String> columns) {
    String[] sorted = columns.toArray(String[]::new);
    Arrays.sort(sorted);
    StringBuilder all = new StringBuilder();
    for (String column : sorted) {
      all.append(column.length()).append(':').append(column);
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 6));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Creates the item; fails as a duplicate where there is one of this key. */
  static BatchStatementRequest insert(String table, Map<String, AttributeValue> item) {
    StringBuilder text = new StringBuilder(64 + 24 * item.size());
    text.append("INSERT INTO \"").append(table).append("\" VALUE {");
    String separator = "";
    for (String name : item.keySet()) {
      text.append(separator).append('\'').append(name).append("':?");
      separator = ",";
    }
    return BatchStatementRequest.builder()
        .statement(text.append('}').toString())
        .parameters(item.values())
        .build();
  }

  /**
   * Replaces an item that is of the same layout and not newer. What the new item lacks is removed,
   * so that nothing of the old one stays (R6). Where the condition does not hold the answer has the
   * item that is there, if any.
   */
  BatchStatementRequest update(String table, Map<String, AttributeValue> item) {
    StringBuilder text = new StringBuilder(128 + 24 * item.size());
    List<AttributeValue> parameters = new ArrayList<>(item.size() + 3);
    text.append("UPDATE \"").append(table).append('"');
    AttributeValue version = Objects.requireNonNull(item.get(SystemAttributes.VERSION));
    AttributeValue columns = Objects.requireNonNull(item.get(SystemAttributes.COLUMNS));
    set(SystemAttributes.VERSION, version, text, parameters);
    for (String name : values) {
      AttributeValue value = item.get(name);
      if (value == null) {
        text.append(" REMOVE \"").append(name).append('"');
      } else {
        set(name, value, text, parameters);
      }
    }
    text.append(" WHERE ");
    for (String name : keys) {
      text.append('"').append(name).append("\"=? AND ");
      parameters.add(item.get(name));
    }
    text.append('"').append(SystemAttributes.VERSION).append("\"<=? AND \"");
    text.append(SystemAttributes.COLUMNS).append("\"=?");
    parameters.add(version);
    parameters.add(columns);
    return BatchStatementRequest.builder()
        .statement(text.toString())
        .parameters(parameters)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private static void set(
      String name, AttributeValue value, StringBuilder text, List<AttributeValue> parameters) {
    text.append(" SET \"").append(name).append("\"=?");
    parameters.add(value);
  }
}
