package io.dimstore.hbaseredis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that runs inside Redis, in one step with what it compares. The layout of the entries is
 * that of {@link EntryCodec}, each followed by the reign it was made in, ARGV[1]. {@link #sha} is
 * its name in Redis' script cache.
 */
enum Scripts {

  /**
   * Takes a lease (ARGV[2], for ARGV[3] milliseconds) on every key that has nothing. Answers for
   * each key the lease on it now, whoever took it, or an empty text where there is an entry.
   */
  LEASE(
      """
      local leases = {}
      for i = 1, #KEYS do
        local held = value(KEYS[i])
        if not held then
          redis.call('SET', KEYS[i], ARGV[2] .. reign, 'PX', ARGV[3])
          leases[i] = ARGV[2]
        else
          local format, kind = string.byte(held, 1, 2)
          leases[i] = (format == 1 and kind == 76) and held or ''
        end
      end
      return leases
      """),

  /**
   * Brings entries in step with HBase, which held ARGV[2i + 3]. Where ARGV[2i + 2], the lease that
   * was seen before HBase was asked, is still there, nothing was written since, and the entry is
   * made, for ARGV[2] milliseconds. Else none is made, since only HBase can tell whether what it
   * held then is still the newest: a newer one replaces the entry, and never prolongs its life, and
   * another's lease is void. An equal version with another content is removed for the next reader
   * to settle where ARGV[3] is 1, for writers; for readers it is left, since it may be of another
   * layout. Answers how many entries were made, replaced and removed, and how many leases were
   * voided.
   */
  SETTLE(
      """
      local made, replaced, removed, voided = 0, 0, 0, 0
      for i = 1, #KEYS do
        local held = value(KEYS[i])
        local lease, new = ARGV[2 * i + 2], ARGV[2 * i + 3]
        if held and lease ~= '' and held == lease then
          redis.call('SET', KEYS[i], new .. reign, 'PX', ARGV[2])
          made = made + 1
        elseif held and held ~= new then
          local format, kind = string.byte(held, 1, 2)
          local comparable = format == 1 and #held >= 10 and #new >= 10
              and (kind == 80 or kind == 68)
          local order = 0
          if comparable then
            local hh, hl = struct.unpack('>I4I4', held, 3)
            local nh, nl = struct.unpack('>I4I4', new, 3)
            if nh ~= hh then order = nh - hh else order = nl - hl end
          end
          if order > 0 then
            redis.call('SET', KEYS[i], new .. reign, 'KEEPTTL')
            replaced = replaced + 1
          elseif order == 0 and (ARGV[3] == '1' or not comparable) then
            redis.call('DEL', KEYS[i])
            if format == 1 and kind == 76 then voided = voided + 1 else removed = removed + 1 end
          end
        end
      end
      return {made, replaced, removed, voided}
      """),

  /** Removes every entry that still is ARGV[i + 1]. Answers 1 for those that were, else 0. */
  REMOVE(
      """
      local removed = {}
      for i = 1, #KEYS do
        removed[i] = value(KEYS[i]) == ARGV[i + 1] and redis.call('DEL', KEYS[i]) or 0
      end
      return removed
      """);

  private final byte[] source;
  private final byte[] sha;

  Scripts(String source) {
    this.source = Utf8.encode(Reign.LUA + source);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(this.source);
      this.sha = Utf8.encode(HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-1", e);
    }
  }

  /** What all scripts begin with. */
  private static final class Reign {

    /** {@code value(key)}: what the key holds of this reign; what it holds of another one goes. */
    static final String LUA =
        """
        local reign = ARGV[1]
        local function value(key)
          local held = redis.call('GET', key)
          if held and string.sub(held, -#reign) ~= reign then
            redis.call('DEL', key)
            return false
          end
          return held and string.sub(held, 1, -1 - #reign)
        end
        """;
  }

  /** The text. Not to be changed. */
  byte[] source() {
    return source;
  }

  /** The hexadecimal SHA-1 of the text. Not to be changed. */
  byte[] sha() {
    return sha;
  }
}
