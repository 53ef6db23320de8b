// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.encoding;

import io.dimstore.spi.StoreException;
import java.util.Arrays;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The names of a table's keys in Redis. A name is made from a template in which the table's name
 * replaces <code>{table}</code> and the row key replaces <code>{key}</code>. Under one template, no
 * two rows have the same name. Thread-safe.
 */
public final class RedisNames {

  private static final String TABLE = "{table}";
  private static final String KEY = "{key}";

  private final byte[] prefix;
  private final byte[] suffix;
  private final byte[] pattern;

  private RedisNames(byte[] prefix, byte[] suffix) {
    this.prefix = prefix;
    this.suffix = suffix;
    ByteSink glob = new ByteSink(prefix.length + suffix.length + 8);
    literally(prefix, glob);
    glob.i8('*');
    literally(suffix, glob);
    this.pattern = glob.toBytes();
  }

  /**
   * Returns the default names: {@code prefix:table:row-key}. They have no hash tag, so a cluster
   * distributes the rows.
   */
  static RedisNames of(String prefix, String declaration) {
    return new RedisNames(Utf8.encode(prefix + ":" + escaped(declaration) + ":"), new byte[0]);
  }

  /**
   * Returns the names of a template.
   *
   * @throws StoreException INVALID for a template under which two rows could have the same name
   */
  static RedisNames ofTemplate(String template, String declaration) {
    int key = template.indexOf(KEY);
    int table = template.indexOf(TABLE);
    if (key < 0 || table < 0) {
      throw refused(template, "lacks " + (key < 0 ? KEY : TABLE) + ": rows would share one name");
    }
    if (template.indexOf(KEY, key + 1) >= 0 || template.indexOf(TABLE, table + 1) >= 0) {
      throw refused(template, "contains a placeholder twice");
    }
    if (table > key) {
      throw refused(template, "has " + TABLE + " after " + KEY + ": put it before");
    }
    if (isOfTableName(template.charAt(table + TABLE.length())) || table + TABLE.length() == key) {
      throw refused(
          template,
          "has no separator after " + TABLE + " that ends the name of a table: put a ':' there");
    }
    String before = template.substring(0, table) + escaped(declaration);
    return new RedisNames(
        Utf8.encode(before + template.substring(table + TABLE.length(), key)),
        Utf8.encode(template.substring(key + KEY.length())));
  }

  private static boolean isOfTableName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '-'
        || c == '/'
        || c == '%';
  }

  /**
   * Escapes each character that could end the name, such as the colon of a namespace, as % and its
   * code.
   */
  private static String escaped(String declaration) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < declaration.length(); i++) {
      char c = declaration.charAt(i);
      if (isOfTableName(c) && c != '%') {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }

  public byte[] name(byte[] rowKey) {
    return Bytes.add(prefix, rowKey, suffix);
  }

  /** Returns the row key in a name, or null if the name is not one of the table's. */
  public byte @Nullable [] rowKey(byte[] name) {
    int end = name.length - suffix.length;
    return end >= prefix.length && Arrays.equals(name, end, name.length, suffix, 0, suffix.length)
        ? Arrays.copyOfRange(name, prefix.length, end)
        : null;
  }

  /** Returns the pattern for SCAN that matches the table's names. Not to be changed. */
  public byte[] pattern() {
    return pattern;
  }

  private static void literally(byte[] text, ByteSink out) {
    for (byte b : text) {
      if (b == '*' || b == '?' || b == '[' || b == ']' || b == '\\' || b == '^') {
        out.i8('\\');
      }
      out.i8(b);
    }
  }

  private static StoreException refused(String template, String why) {
    return StoreException.invalid("Option 'redis.key': '" + template + "' " + why + ".");
  }
}
