package io.dimstore.dynamodb;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The size of an item as the service counts it: for each attribute the UTF-8 bytes of its name and
 * of its value, where a number takes a byte for every two significant digits and one or two more,
 * BOOL and NULL take one, and a list or map takes three and one for each entry.
 */
final class ItemSize {

  /** The most bytes of an item. */
  static final int MAX_BYTES = 400 * 1024;

  private ItemSize() {}

  /** The bytes of an item. */
  static int of(Map<String, AttributeValue> item) {
    int bytes = 0;
    for (Map.Entry<String, AttributeValue> entry : item.entrySet()) {
      bytes += ofText(entry.getKey()) + ofValue(entry.getValue());
    }
    return bytes;
  }

  /** The bytes of a value, its name not counted. */
  static int ofValue(AttributeValue value) {
    if (value.s() != null) {
      return ofText(value.s());
    }
    if (value.n() != null) {
      return ofNumber(value.n());
    }
    if (value.b() != null) {
      return value.b().asByteArrayUnsafe().length;
    }
    if (value.hasM()) {
      return 3 + value.m().size() + of(value.m());
    }
    if (value.hasL()) {
      int bytes = 3 + value.l().size();
      for (AttributeValue element : value.l()) {
        bytes += ofValue(element);
      }
      return bytes;
    }
    return 1;
  }

  /** The write units that an item of this size takes. */
  static int writeUnits(int bytes) {
    return Math.max(1, (bytes + 1023) / 1024);
  }

  /** The read units that an item of this size takes: a half where the read is eventual. */
  static double readUnits(int bytes, boolean consistent) {
    return Math.max(1, (bytes + 4095) / 4096) * (consistent ? 1 : 0.5);
  }

  /** The bytes of a text. */
  static int ofText(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return text.length();
  }

  private static int ofNumber(String text) {
    int significant = 0;
    int zeros = 0;
    for (int i = 0; i < text.length() && text.charAt(i) != 'E'; i++) {
      char c = text.charAt(i);
      if (c == '0') {
        zeros += significant > 0 ? 1 : 0;
      } else if (c >= '1' && c <= '9') {
        significant += zeros + 1;
        zeros = 0;
      }
    }
    return (significant + 1) / 2 + 1 + (text.startsWith("-") ? 1 : 0);
  }
}
