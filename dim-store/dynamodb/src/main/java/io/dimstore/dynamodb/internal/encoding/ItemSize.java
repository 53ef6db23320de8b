// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Computes the size of an item as the service counts it: the sum over all attributes of the UTF-8
 * bytes of the name and the bytes of the value. A number takes a byte for every two significant
 * digits, one more byte, and another one if it is negative. BOOL and NULL take one byte. A list or
 * map takes three bytes, and one for each entry.
 */
public final class ItemSize {

  /** The service's limit of an item's size, in bytes. */
  public static final int MAX_BYTES = 400 * 1024;

  private ItemSize() {}

  /** Returns the size of an item in bytes. */
  public static int of(Map<String, AttributeValue> item) {
    int bytes = 0;
    for (Map.Entry<String, AttributeValue> entry : item.entrySet()) {
      bytes += ofText(entry.getKey()) + ofValue(entry.getValue());
    }
    return bytes;
  }

  /** Returns the size of a value in bytes, without its name. */
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

  /** Returns the write units that an item of this size in bytes consumes. */
  public static int writeUnits(int bytes) {
    return Math.max(1, (bytes + 1023) / 1024);
  }

  /**
   * Returns the read units that an item of this size in bytes consumes: half as many for an
   * eventually consistent read.
   */
  public static double readUnits(int bytes, boolean consistent) {
    return Math.max(1, (bytes + 4095) / 4096) * (consistent ? 1 : 0.5);
  }

  /** Returns the number of UTF-8 bytes of a text. */
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
