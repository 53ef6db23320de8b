package io.dimstore.dynamodb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/** The shards of one list, by their parents. A parent need not be in the list itself. */
final class ShardTree {

  /** The service puts the time at which it made a shard, in epoch milliseconds, into its id. */
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

  /** The parents of all listed shards; {@link FeedToken#NO_PARENT} for those without one. */
  List<String> parents() {
    return List.copyOf(children.keySet());
  }

  /** The listed children of a shard, in the order of the list. */
  List<String> childrenOf(String parent) {
    return children.getOrDefault(parent, List.of());
  }

  /** The listed shards that have no listed child. */
  List<String> leaves() {
    return listed.keySet().stream().filter(shard -> !children.containsKey(shard)).toList();
  }

  /**
   * When a shard was made, in epoch milliseconds: none of its records is older.
   *
   * @param ifUnknown the answer where the shard's id has no time
   */
  static long madeAt(String shard, long ifUnknown) {
    Matcher id = MADE.matcher(shard);
    return id.matches() ? Long.parseLong(id.group(1)) : ifUnknown;
  }
}
