package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.Arrays;
import java.util.HexFormat;
import redis.clients.jedis.Jedis;

/**
 * The time for which a server is master without a break, and the tag by which every value of ours
 * says in which it was written. Redis gives a master another replication id when it is promoted and
 * when it starts, so values from before carry another tag, and nobody takes them for answers: a
 * replica that is promoted, or a server that comes back with what it had on disk, may lack the last
 * writes. Immutable.
 */
final class Reign {

  /** The length of a tag, but for that of JSON. */
  static final int BYTES = 8;

  /** Of a server that is asked for no values. */
  static final Reign NONE = new Reign(new byte[0]);

  private static final String FIELD_START = ",\"" + EntryFields.REIGN + "\":\"";
  private static final String FIELD_END = "\"}";
  private static final int FIELD = FIELD_START.length() + 2 * BYTES + FIELD_END.length();

  private final byte[] tag;
  private final byte[] field;

  private Reign(byte[] tag) {
    this.tag = tag;
    this.field = Utf8.encode(FIELD_START + HexFormat.of().formatHex(tag) + FIELD_END);
  }

  /**
   * The reign of a server by what it says of its replication.
   *
   * @throws StoreException UNAVAILABLE where it is no master
   */
  static Reign of(Jedis server) {
    String info = server.info("replication");
    String role = field(info, "role");
    if (!role.equals("master")) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          "Redis: "
              + server.getConnection().getHostAndPort()
              + " is no master, its role is "
              + role);
    }
    return new Reign(HexFormat.of().parseHex(field(info, "master_replid").substring(0, 2 * BYTES)));
  }

  private static String field(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElseThrow(
            () ->
                new StoreException(
                    Kind.INVALID, "Redis: INFO replication has no " + name + "; is it Redis 6.2?"));
  }

  /** The tag's bytes. Not to be changed. */
  byte[] tag() {
    return tag;
  }

  /** Whether a value was written in this reign. */
  boolean isOf(byte[] tagged) {
    byte[] end = isJson(tagged) ? field : tag;
    int length = tagged.length - end.length;
    return length >= 0 && Arrays.equals(tagged, length, tagged.length, end, 0, end.length);
  }

  /** A text as it is written: JSON with a field more at its end, everything else before the tag. */
  byte[] tagged(byte[] text) {
    boolean json = isJson(text);
    byte[] end = json ? field : tag;
    int length = json ? text.length - 1 : text.length;
    byte[] tagged = Arrays.copyOf(text, length + end.length);
    System.arraycopy(end, 0, tagged, length, end.length);
    return tagged;
  }

  /** A value of any reign without its tag. */
  static byte[] untagged(byte[] tagged) {
    if (!isJson(tagged)) {
      return Arrays.copyOf(tagged, tagged.length - BYTES);
    }
    byte[] text = Arrays.copyOf(tagged, tagged.length - FIELD + 1);
    text[text.length - 1] = '}';
    return text;
  }

  private static boolean isJson(byte[] text) {
    return text.length > 0 && text[0] == '{';
  }

  boolean isSame(Reign other) {
    return Arrays.equals(tag, other.tag);
  }
}
