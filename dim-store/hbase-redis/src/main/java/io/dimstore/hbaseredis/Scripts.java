package io.dimstore.hbaseredis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that runs inside Redis, in one step with what it compares. The layout of the entries is
 * that of {@link EntryCodec} or {@link TextEntries}, each with the reign that it was made in,
 * ARGV[1]. {@link #sha} is its name in Redis' script cache.
 */
enum Scripts {

  /**
   * Takes a lease (ARGV[2]) on every key that has nothing, or the lease of a reader that has not
   * filled in within ARGV[4] milliseconds. The key lives for ARGV[3] milliseconds from now on,
   * whatever is filled in: nothing outlives by more the read of HBase that it came from. Answers
   * which keys have something else: the position of each, from 1, and what it has, with its tag:
   * the lease of another reader or an entry; an empty text where that is a hash.
   */
  LEASE(Lua.PACKED, Bodies.LEASE),

  /** {@link #LEASE} among entries in JSON. */
  LEASE_JSON(Lua.JSON, Bodies.LEASE),

  /** {@link #LEASE} among entries that are hashes. */
  LEASE_HASH(Lua.HASH, Bodies.LEASE),

  /**
   * Brings entries in step with HBase, which held the value that is told of each key. Where the
   * lease that was seen before HBase was asked is still there, and was taken no more than ARGV[5]
   * milliseconds ago, nothing was written since, and the entry is made. That lease is ARGV[4], and
   * the values follow ARGV[6], where that is 1; where it is 2 each value comes after the lease of
   * its key, for which {@link #SAME_LEASE} says ARGV[4]. Else none is made, since only HBase can
   * tell whether what it held then is still the newest: a newer one replaces the entry, and
   * another's lease, or one that was held too long, is void. No key's life, ARGV[2] milliseconds
   * from its lease on, is prolonged. An equal version with another content is removed for the next
   * reader to settle where ARGV[3] is 1, for writers; for readers it is left, since it may be of
   * another layout. What is no entry, and of another type even, goes too. Answers how many entries
   * were made, replaced and removed, how many leases were voided, and how many values are older
   * than the entry that is there.
   */
  SETTLE(Lua.PACKED, Bodies.SETTLE),

  /** {@link #SETTLE} of entries in JSON. */
  SETTLE_JSON(Lua.JSON, Bodies.SETTLE),

  /** {@link #SETTLE} of entries that are hashes. */
  SETTLE_HASH(Lua.HASH, Bodies.SETTLE),

  /**
   * Removes every entry that still is ARGV[i + 1], with its tag. Answers 1 for those that were,
   * else 0.
   */
  REMOVE(Lua.PACKED, Bodies.REMOVE),

  /** {@link #REMOVE} of entries in JSON. */
  REMOVE_JSON(Lua.JSON, Bodies.REMOVE),

  /** {@link #REMOVE} of entries that are hashes. */
  REMOVE_HASH(Lua.HASH, Bodies.REMOVE),

  /**
   * Reads hashes: of each key the values of the fields ARGV[2] and on, or without any all fields
   * and values in turn. Keys of other reigns or types, leases for instance, have none.
   */
  READ_HASH(
      Lua.HASH_OF_REIGN,
      """
      local found = {}
      for i = 1, #KEYS do
        local values = {}
        if isHashOfReign(KEYS[i]) then
          if #ARGV > 1 then
            values = redis.call('HMGET', KEYS[i], unpack(ARGV, 2))
          else
            local all = redis.call('HGETALL', KEYS[i])
            for j = 1, #all, 2 do
              if all[j] ~= '__dim_r' then
                values[#values + 1], values[#values + 2] = all[j], all[j + 1]
              end
            end
          end
        end
        found[i] = values
      end
      return found
      """);

  /** In place of a lease: the one that is told once. */
  static final String SAME_LEASE = "=";

  private final byte[] source;
  private final byte[] sha;

  Scripts(String beginning, String source) {
    this.source = Utf8.encode(beginning + source);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(this.source);
      this.sha = Utf8.encode(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-1", e);
    }
  }

  /** The text. Not to be changed. */
  byte[] source() {
    return source;
  }

  /** The hexadecimal SHA-1 of the text. Not to be changed. */
  byte[] sha() {
    return sha;
  }

  /** What scripts do whatever the format. */
  private static final class Bodies {

    static final String LEASE =
        """
        local lease, others = ARGV[2] .. reign, {}
        for i = 1, #KEYS do
          local key = KEYS[i]
          if redis.call('SETNX', key, lease) == 1 then
            redis.call('PEXPIRE', key, ARGV[3])
          else
            local value = held(key)
            if value and not (isLease(value) and isOld(key, ARGV[3], ARGV[4])) then
              others[#others + 1] = i
              others[#others + 1] = type(value) == 'string' and value or ''
            else
              redis.call('SET', key, lease, 'PX', ARGV[3])
            end
          end
        end
        return others
        """;

    static final String SETTLE =
        """
        local made, replaced, removed, voided, older = 0, 0, 0, 0, 0
        local common, each, old = ARGV[4], tonumber(ARGV[6]), {}
        if common ~= '' then common = common .. reign end
        local values = each == 1 and common == '' and found(KEYS)
        for i = 1, #KEYS do
          local key, lease, new = KEYS[i], common, ARGV[6 + each * i]
          if each == 2 and ARGV[5 + 2 * i] ~= '=' then
            lease = ARGV[5 + 2 * i]
            if lease ~= '' then lease = lease .. reign end
          end
          if lease ~= '' and not old[lease] and swapped(key, lease, new, ARGV[2]) then
            if old[lease] == nil then old[lease] = isOld(key, ARGV[2], ARGV[5]) end
            if old[lease] then
              redis.call('DEL', key)
              voided = voided + 1
            else
              made = made + 1
            end
          else
            local value
            if values then value = trusted(key, values[i]) else value = held(key) end
            if value and not same(key, value, new) then
              local hh, hl = version(key, value)
              local nh, nl = newVersion(new)
              local comparable = hh and nh
              local order = 0
              if comparable then
                if nh ~= hh then order = nh - hh else order = nl - hl end
              end
              if order > 0 then
                put(key, new, ARGV[2])
                replaced = replaced + 1
              elseif order == 0 and (ARGV[3] == '1' or not comparable) then
                redis.call('DEL', key)
                if isLease(value) then voided = voided + 1 else removed = removed + 1 end
              elseif order < 0 then
                older = older + 1
              end
            end
          end
        end
        return {made, replaced, removed, voided, older}
        """;

    static final String REMOVE =
        """
        local removed = {}
        for i = 1, #KEYS do
          local value = held(KEYS[i])
          removed[i] = value and same(KEYS[i], value, ARGV[i + 1]) and redis.call('DEL', KEYS[i]) or 0
        end
        return removed
        """;
  }
}
