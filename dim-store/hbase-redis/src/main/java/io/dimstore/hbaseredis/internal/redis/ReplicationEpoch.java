// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis.internal.redis;

import io.dimstore.hbaseredis.internal.encoding.EntryFields;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.util.Arrays;
import java.util.HexFormat;
import redis.clients.jedis.Jedis;

/**
 * The replication epoch of a Redis master, and the tag with which every value of the store records
 * the epoch in which it was written. Redis gives a master another replication id when it is
 * promoted and when it starts. Values from before then carry another tag, and are not used as
 * answers: a replica that is promoted, or a server that restarts from a file, may lack the last
 * writes. Immutable.
 */
public final class ReplicationEpoch {

  /** The length of a tag in bytes; in JSON the tag is a field. */
  public static final int BYTES = 8;

  /** The epoch of connections that read and write no values. */
  static final ReplicationEpoch NONE = new ReplicationEpoch(new byte[0]);

  private static final String FIELD_START = ",\"" + EntryFields.EPOCH + "\":\"";
  private static final String FIELD_END = "\"}";
  private static final int FIELD = FIELD_START.length() + 2 * BYTES + FIELD_END.length();

  private final byte[] tag;
  private final byte[] field;

  private ReplicationEpoch(byte[] tag) {
    this.tag = tag;
    this.field = Utf8.encode(FIELD_START + HexFormat.of().formatHex(tag) + FIELD_END);
  }

  /**
   * Reads the replication epoch of a server with INFO.
   *
   * @throws StoreException UNAVAILABLE if the server is not a master
   */
  public static ReplicationEpoch of(Jedis server) {
    String info = server.info("replication");
    String role = field(info, "role");
    if (!role.equals("master")) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          "Redis: "
              + server.getConnection().getHostAndPort()
              + " is not a master; its role is "
              + role);
    }
    return new ReplicationEpoch(
        HexFormat.of().parseHex(field(info, "master_replid").substring(0, 2 * BYTES)));
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

  /** Returns the tag's bytes. Not to be changed. */
  public byte[] tag() {
    return tag;
  }

  /** Whether a value was written in this epoch. */
  boolean isOf(byte[] tagged) {
    byte[] end = isJson(tagged) ? field : tag;
    int length = tagged.length - end.length;
    return length >= 0 && Arrays.equals(tagged, length, tagged.length, end, 0, end.length);
  }

  /** Returns a value with the tag: JSON gets it as the last field, other values end with it. */
  byte[] tagged(byte[] text) {
    boolean json = isJson(text);
    byte[] end = json ? field : tag;
    int length = json ? text.length - 1 : text.length;
    byte[] tagged = Arrays.copyOf(text, length + end.length);
    System.arraycopy(end, 0, tagged, length, end.length);
    return tagged;
  }

  /** Returns a value, of any epoch, without its tag. */
  public static byte[] untagged(byte[] tagged) {
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

  boolean isSame(ReplicationEpoch other) {
    return Arrays.equals(tag, other.tag);
  }
}
