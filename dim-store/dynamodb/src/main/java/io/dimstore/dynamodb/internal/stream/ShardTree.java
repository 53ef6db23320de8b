// SPDX-License-Identifier: Apache-2.0
package io.dimstore.dynamodb.internal.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/** The shards of one list, by their parents. A parent may be missing in the list. */
final class ShardTree {

  /** Matches a shard id. The service writes the creation time into it, in epoch milliseconds. */
  private static final Pattern MADE = Pattern.compile("shardId-(\\d{20})-.*");

  private final Map<String, Shard> listed = new LinkedHashMap<>();
  private final Map<String, List<String>> children = new LinkedHashMap<>();

  ShardTree(List<Shard> shards) {
    for (Shard shard : shards) {
      if (listed.putIfAbsent(shard.shardId(), shard) == null) {
        children.computeIfAbsent(parentOf(shard), parent -> new ArrayList<>()).add(shard.shardId());
      }
    }
  }

  private static String parentOf(Shard shard) {
    return shard.parentShardId() == null ? FeedToken.NO_PARENT : shard.parentShardId();
  }

  boolean isListed(String shard) {
    return listed.containsKey(shard);
  }

  /**
   * Returns the parents of all listed shards; {@link FeedToken#NO_PARENT} for those without one.
   */
  List<String> parents() {
    return List.copyOf(children.keySet());
  }

  /** Returns the listed children of a shard, in the order of the list. */
  List<String> childrenOf(String parent) {
    return children.getOrDefault(parent, List.of());
  }

  /** Returns the listed shards without a listed child. */
  List<String> leaves() {
    return listed.keySet().stream().filter(shard -> !children.containsKey(shard)).toList();
  }

  /**
   * Returns the creation time of a shard, in epoch milliseconds. None of its records is older.
   *
   * @param ifUnknown the result if the shard's id has no time
   */
  static long madeAt(String shard, long ifUnknown) {
    Matcher id = MADE.matcher(shard);
    return id.matches() ? Long.parseLong(id.group(1)) : ifUnknown;
  }
}
