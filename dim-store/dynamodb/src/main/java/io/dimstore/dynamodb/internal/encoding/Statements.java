// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchStatementRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Builds the PartiQL statements that write the items of one layout. Thread-safe. */
public final class Statements {

  private static final int MAX_CHARS = 8192;

  private static final String V = '"' + SystemAttributes.VERSION + '"';
  private static final String T = '"' + SystemAttributes.TIE_NUMBER + '"';
  private static final String C = '"' + SystemAttributes.COLUMNS + '"';
  private static final String OLDER = "(" + V + "<? OR (" + V + "=? AND ";

  /** Holds for a stored item with a lower version, or with the same version and no tie number. */
  private static final String WITHOUT_TIE_NUMBER = OLDER + T + " IS MISSING)) AND " + C + "=?";

  /**
   * Holds for a stored item with a lower version, or with the same version and no higher tie
   * number.
   */
  private static final String WITH_TIE_NUMBER =
      OLDER + "(" + T + " IS MISSING OR " + T + "<=?))) AND " + C + "=?";

  private final List<String> keys;
  private final List<String> values;
  private final boolean usable;

  /** The parts of statements after the table's name, by the shape of the item. */
  private final Map<Shape, String> inserts = new ConcurrentHashMap<>();

  private final Map<Shape, String> updates = new ConcurrentHashMap<>();

  private Statements(List<String> keys, List<String> values, boolean usable) {
    this.keys = keys;
    this.values = values;
    this.usable = usable;
  }

  static Statements of(List<String> keys, List<String> columns) {
    List<String> values =
        Stream.concat(
                columns.stream(),
                Stream.of(
                    SystemAttributes.EXPIRY,
                    SystemAttributes.DELETED,
                    SystemAttributes.TIME_TO_LIVE,
                    SystemAttributes.TIE_NUMBER))
            .toList();
    int chars = Stream.concat(keys.stream(), values.stream()).mapToInt(n -> n.length() + 24).sum();
    boolean plain =
        Stream.concat(keys.stream(), values.stream())
            .allMatch(name -> name.indexOf('"') < 0 && name.indexOf('\'') < 0);
    return new Statements(List.copyOf(keys), values, plain && chars + 512 < MAX_CHARS);
  }

  /** Returns the names of the attributes of the primary key. */
  public List<String> keys() {
    return keys;
  }

  /**
   * Returns whether two items have the same primary key. Numbers are compared by value, whatever
   * their notation.
   */
  public boolean isSameKey(Map<String, AttributeValue> one, Map<String, AttributeValue> other) {
    for (String name : keys) {
      AttributeValue mine = one.get(name);
      AttributeValue theirs = other.get(name);
      if (mine == null || theirs == null || !isSame(mine, theirs)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(AttributeValue one, AttributeValue other) {
    boolean numbers = one.n() != null && other.n() != null;
    return numbers
        ? new BigDecimal(one.n()).compareTo(new BigDecimal(other.n())) == 0
        : one.equals(other);
  }

  /**
   * Returns whether statements are possible: no name has a quote, and no statement is longer than
   * the service allows.
   */
  public boolean usable() {
    return usable;
  }

  /**
   * Returns a short hash of the column names. An item with the hash of this layout has no
   * attributes but those of this layout.
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

  /**
   * Returns a statement that creates the item. It fails with DUPLICATE_ITEM if there is an item of
   * this key.
   */
  public BatchStatementRequest insert(String table, Map<String, AttributeValue> item) {
    String rest = inserts.get(Shape.of(item));
    if (item.containsKey(SystemAttributes.TIE_NUMBER)) {
      rest = insertOf(item);
    } else if (rest == null) {
      rest = insertOf(item);
      inserts.put(Shape.of(item), rest);
    }
    return BatchStatementRequest.builder()
        .statement("INSERT INTO \"" + table + rest)
        .parameters(item.values())
        .build();
  }

  /**
   * Returns a statement that replaces a stored item of the same layout that is not newer. It
   * removes the attributes that the new item lacks, so that none of the old item remain (R6). If
   * the condition does not hold, the response contains the stored item, if there is one.
   */
  public BatchStatementRequest update(String table, Map<String, AttributeValue> item) {
    String rest = updates.get(Shape.of(item));
    AttributeValue tieNumber = item.get(SystemAttributes.TIE_NUMBER);
    if (tieNumber != null) {
      rest = updateOf(item);
    } else if (rest == null) {
      rest = updateOf(item);
      updates.put(Shape.of(item), rest);
    }
    AttributeValue version = Objects.requireNonNull(item.get(SystemAttributes.VERSION));
    List<AttributeValue> parameters = new ArrayList<>(item.size() + 5);
    parameters.add(version);
    for (String name : values) {
      AttributeValue value = item.get(name);
      if (value != null) {
        parameters.add(value);
      }
    }
    for (String name : keys) {
      parameters.add(item.get(name));
    }
    parameters.add(version);
    parameters.add(version);
    if (tieNumber != null) {
      parameters.add(tieNumber);
    }
    parameters.add(item.get(SystemAttributes.COLUMNS));
    return BatchStatementRequest.builder()
        .statement("UPDATE \"" + table + rest)
        .parameters(parameters)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  private static String insertOf(Map<String, AttributeValue> item) {
    StringBuilder text = new StringBuilder("\" VALUE {");
    String separator = "";
    for (String name : item.keySet()) {
      text.append(separator).append('\'').append(name).append("':?");
      separator = ",";
    }
    return text.append('}').toString();
  }

  private String updateOf(Map<String, AttributeValue> item) {
    StringBuilder text = new StringBuilder("\" SET \"" + SystemAttributes.VERSION + "\"=?");
    for (String name : values) {
      boolean has = item.containsKey(name);
      text.append(has ? " SET \"" : " REMOVE \"").append(name).append(has ? "\"=?" : "\"");
    }
    text.append(" WHERE ");
    for (String name : keys) {
      text.append('"').append(name).append("\"=? AND ");
    }
    return text.append(
            item.containsKey(SystemAttributes.TIE_NUMBER) ? WITH_TIE_NUMBER : WITHOUT_TIE_NUMBER)
        .toString();
  }

  /**
   * The kind of an item. Items of one layout and shape have the same attributes, in the same order.
   */
  private enum Shape {
    LASTING,
    EXPIRING,
    TOMBSTONE;

    static Shape of(Map<String, AttributeValue> item) {
      if (item.containsKey(SystemAttributes.DELETED)) {
        return TOMBSTONE;
      }
      return item.containsKey(SystemAttributes.EXPIRY) ? EXPIRING : LASTING;
    }
  }
}
