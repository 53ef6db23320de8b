package io.dimstore.hbaseredis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that runs inside Redis, in one step with what it compares. The layout of the entries is
 * that of {@link EntryCodec} or {@link TextEntries}. {@link #sha} is its name in Redis' script
 * cache.
 */
enum Scripts {

  /**
   * Takes a lease (ARGV[1], for ARGV[2] milliseconds) on every key that has nothing. Answers for
   * each key the lease on it now, whoever took it, or an empty text where there is an entry.
   */
  LEASE(
      Lua.PACKED,
      """
      local leases = {}
      for i = 1, #KEYS do
        if redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2]) then
          leases[i] = ARGV[1]
        else
          local value = held(KEYS[i])
          leases[i] = isLease(value) and value or ''
        end
      end
      return leases
      """),

  /**
   * Brings entries in step with HBase, which held ARGV[2i + 2]. Where ARGV[2i + 1], the lease that
   * was seen before HBase was asked, is still there, nothing was written since, and the entry is
   * made, for ARGV[1] milliseconds. Else none is made, since only HBase can tell whether what it
   * held then is still the newest: a newer one replaces the entry, and never prolongs its life, and
   * another's lease is void. An equal version with another content is removed for the next reader
   * to settle where ARGV[2] is 1, for writers; for readers it is left, since it may be of another
   * layout. What is no entry, and of another type even, goes too. Answers how many entries were
   * made, replaced and removed, and how many leases were voided.
   */
  SETTLE(Lua.PACKED, Bodies.SETTLE),

  /** {@link #SETTLE} of entries in JSON. */
  SETTLE_JSON(Lua.JSON, Bodies.SETTLE),

  /** {@link #SETTLE} of entries that are hashes. */
  SETTLE_HASH(Lua.HASH, Bodies.SETTLE),

  /** Removes every entry that still is ARGV[i]. Answers 1 for those that were, else 0. */
  REMOVE(Lua.PACKED, Bodies.REMOVE),

  /** {@link #REMOVE} of entries that are hashes. */
  REMOVE_HASH(Lua.HASH, Bodies.REMOVE),

  /**
   * Reads hashes: of each key the values of the fields ARGV, or without any all fields and values
   * in turn. Keys of other types, leases for instance, have none.
   */
  READ_HASH(
      "",
      """
      local found = {}
      for i = 1, #KEYS do
        local values
        if #ARGV == 0 then
          values = redis.pcall('HGETALL', KEYS[i])
        else
          values = redis.pcall('HMGET', KEYS[i], unpack(ARGV))
        end
        found[i] = values.err and {} or values
      end
      return found
      """);

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

    static final String SETTLE =
        """
        local made, replaced, removed, voided = 0, 0, 0, 0
        for i = 1, #KEYS do
          local key, lease, new = KEYS[i], ARGV[2 * i + 1], ARGV[2 * i + 2]
          local value = held(key)
          if value and lease ~= '' and value == lease then
            put(key, new, ARGV[1], ARGV[1])
            made = made + 1
          elseif value and not same(key, value, new) then
            local hh, hl = version(key, value)
            local nh, nl = newVersion(new)
            local comparable = hh and nh
            local order = 0
            if comparable then
              if nh ~= hh then order = nh - hh else order = nl - hl end
            end
            if order > 0 then
              put(key, new, nil, ARGV[1])
              replaced = replaced + 1
            elseif order == 0 and (ARGV[2] == '1' or not comparable) then
              redis.call('DEL', key)
              if isLease(value) then voided = voided + 1 else removed = removed + 1 end
            end
          end
        end
        return {made, replaced, removed, voided}
        """;

    static final String REMOVE =
        """
        local removed = {}
        for i = 1, #KEYS do
          removed[i] = same(KEYS[i], held(KEYS[i]), ARGV[i]) and redis.call('DEL', KEYS[i]) or 0
        end
        return removed
        """;
  }
}
