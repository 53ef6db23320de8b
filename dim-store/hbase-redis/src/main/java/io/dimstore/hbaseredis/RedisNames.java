package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import java.util.Arrays;
import org.apache.hadoop.hbase.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The names of a table's keys in Redis: a template in which the table and the row key stand in
 * place of <code>{table}</code> and <code>{key}</code>. No two rows of any tables have one name.
 * Thread-safe.
 */
final class RedisNames {

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

  /** The default: a prefix, the table and the row key, so that a cluster spreads the rows. */
  static RedisNames of(String prefix, String declaration) {
    return new RedisNames(Utf8.encode(prefix + ":" + escaped(declaration) + ":"), new byte[0]);
  }

  /**
   * The names that a template makes.
   *
   * @throws StoreException INVALID for a template under which two rows could have one name
   */
  static RedisNames ofTemplate(String template, String declaration) {
    int key = template.indexOf(KEY);
    int table = template.indexOf(TABLE);
    if (key < 0 || table < 0) {
      throw refused(template, "lacks " + (key < 0 ? KEY : TABLE) + ": rows would share one name");
    }
    if (template.indexOf(KEY, key + 1) >= 0 || template.indexOf(TABLE, table + 1) >= 0) {
      throw refused(template, "has a placeholder twice");
    }
    if (table > key) {
      throw refused(template, "has " + TABLE + " after " + KEY + ": put it before");
    }
    if (isOfTableName(template.charAt(table + TABLE.length())) || table + TABLE.length() == key) {
      throw refused(
          template,
          "has nothing after " + TABLE + " that ends the name of a table: put a ':' there");
    }
    String before = template.substring(0, table) + escaped(declaration);
    return new RedisNames(
        Utf8.encode(before + template.substring(table + TABLE.length(), key)),
        Utf8.encode(template.substring(key + KEY.length())));
  }

  private static boolean isOfTableName(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '_'
        || c == '.'
        || c == '-'
        || c == '/'
        || c == '%';
  }

  /** What could end the name, a namespace's colon for instance, as % and its code. */
  private static String escaped(String declaration) {
    StringBuilder out = new StringBuilder();
    for (char c : declaration.toCharArray()) {
      if (isOfTableName(c) && c != '%') {
        out.append(c);
      } else {
        out.append(String.format("%%%02X", (int) c));
      }
    }
    return out.toString();
  }

  byte[] name(byte[] rowKey) {
    return Bytes.add(prefix, rowKey, suffix);
  }

  /** The row key in a name, or null where it is none of the table's. */
  byte @Nullable [] rowKey(byte[] name) {
    int end = name.length - suffix.length;
    return end >= prefix.length && Arrays.equals(name, end, name.length, suffix, 0, suffix.length)
        ? Arrays.copyOfRange(name, prefix.length, end)
        : null;
  }

  /** What matches the table's names, for SCAN. Not to be changed. */
  byte[] pattern() {
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
