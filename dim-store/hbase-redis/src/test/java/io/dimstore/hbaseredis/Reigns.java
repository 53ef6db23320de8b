package io.dimstore.hbaseredis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.hbase.util.Bytes;
import redis.clients.jedis.Jedis;

/** Values with the tag of the master's reign, by the words of {@code docs/storage-format.md}. */
final class Reigns {

  private Reigns() {}

  /** A string as it stands in Redis. */
  static byte[] tagged(Jedis master, byte[] entry) {
    if (entry.length == 0 || entry[0] != '{') {
      return Bytes.add(entry, Reign.of(master).tag());
    }
    String json = new String(entry, StandardCharsets.UTF_8);
    String open = json.substring(0, json.length() - 1);
    return Utf8.encode(open + ",\"__dim_r\":\"" + hex(master) + "\"}");
  }

  /** An entry, in the format of its table. */
  static void put(Jedis master, Layout layout, byte[] name, byte[] entry) {
    TextEntries texts = new TextEntries(layout);
    master.del(name);
    switch (layout.redisFormat()) {
      case PACKED -> master.set(name, tagged(master, entry));
      case JSON -> master.set(name, tagged(master, texts.toJson(entry)));
      case HASH -> {
        List<byte[]> pairs = new ArrayList<>(TextEntriesTest.pairs(texts.toHash(entry)));
        pairs.add(Utf8.encode("__dim_r"));
        pairs.add(Utf8.encode(hex(master)));
        for (int i = 0; i < pairs.size(); i += 2) {
          master.hset(name, pairs.get(i), pairs.get(i + 1));
        }
      }
    }
  }

  /** The value of the field {@code __dim_r}. */
  static String hex(Jedis master) {
    return HexFormat.of().formatHex(Reign.of(master).tag());
  }
}
