// SPDX-License-Identifier: Apache-2.0
package io.dimstore.hbaseredis;

import io.dimstore.hbaseredis.internal.encoding.Layout;
import io.dimstore.hbaseredis.internal.encoding.TextEntries;
import io.dimstore.hbaseredis.internal.encoding.TextEntriesTest;
import io.dimstore.hbaseredis.internal.encoding.Utf8;
import io.dimstore.hbaseredis.internal.redis.ReplicationEpoch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.hbase.util.Bytes;
import redis.clients.jedis.Jedis;

/**
 * Creates values with the tag of the master's replication epoch, as {@code docs/storage-format.md}
 * describes them.
 */
public final class EpochTags {

  private EpochTags() {}

  /** Returns a value with its tag, as it is stored in Redis. */
  public static byte[] tagged(Jedis master, byte[] entry) {
    if (entry.length == 0 || entry[0] != '{') {
      return Bytes.add(entry, ReplicationEpoch.of(master).tag());
    }
    String json = new String(entry, StandardCharsets.UTF_8);
    String open = json.substring(0, json.length() - 1);
    return Utf8.encode(open + ",\"__dim_e\":\"" + hex(master) + "\"}");
  }

  /** Writes an entry in the format of its table. */
  static void put(Jedis master, Layout layout, byte[] name, byte[] entry) {
    TextEntries texts = new TextEntries(layout);
    master.del(name);
    switch (layout.redisFormat()) {
      case PACKED -> master.set(name, tagged(master, entry));
      case JSON -> master.set(name, tagged(master, texts.toJson(entry)));
      case HASH -> {
        List<byte[]> pairs = new ArrayList<>(TextEntriesTest.pairs(texts.toHash(entry)));
        pairs.add(Utf8.encode("__dim_e"));
        pairs.add(Utf8.encode(hex(master)));
        for (int i = 0; i < pairs.size(); i += 2) {
          master.hset(name, pairs.get(i), pairs.get(i + 1));
        }
      }
    }
  }

  /** Returns the value of the field {@code __dim_e}. */
  static String hex(Jedis master) {
    return HexFormat.of().formatHex(ReplicationEpoch.of(master).tag());
  }
}
