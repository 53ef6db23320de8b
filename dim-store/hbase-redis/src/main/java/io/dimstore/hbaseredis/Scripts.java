package io.dimstore.hbaseredis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A script that runs inside Redis, in one step with what it compares. The layout of the entries is
 * that of {@link EntryCodec}. {@link #sha} is its name in Redis' script cache.
 */
enum Scripts {

  /**
   * Takes a lease (ARGV[1], for ARGV[2] milliseconds) on every key that has no entry. Answers a
   * text with a 1 for each key on which this lease is held, else a 0.
   */
  LEASE(
      """
      local held = {}
      for i = 1, #KEYS do
        if redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2])
            or redis.call('GET', KEYS[i]) == ARGV[1] then
          held[i] = '1'
        else
          held[i] = '0'
        end
      end
      return table.concat(held)
      """),

  /**
   * Puts ARGV[2 + i] in the place of lease ARGV[1] for ARGV[2] milliseconds; a key whose lease is
   * void stays as it is. Answers how many were filled.
   */
  FILL(
      """
      local filled = 0
      for i = 1, #KEYS do
        if redis.call('GET', KEYS[i]) == ARGV[1] then
          redis.call('SET', KEYS[i], ARGV[2 + i], 'PX', ARGV[2])
          filled = filled + 1
        end
      end
      return filled
      """),

  /**
   * Brings entries in step with HBase, which holds ARGV[i]. A newer one replaces the entry, and
   * never prolongs its life: what an entry says was read from HBase at most max-age ago. Where
   * there is no entry none is made, since only HBase can tell whether ARGV[i] is the newest; leases
   * are void. An equal version with another content is settled by the next reader, from HBase.
   * Answers how many entries were replaced, how many removed, and how many leases were voided.
   */
  APPLY(
      """
      local replaced, removed, voided = 0, 0, 0
      for i = 1, #KEYS do
        local held = redis.call('GET', KEYS[i])
        if held then
          local format, kind = string.byte(held, 1, 2)
          local comparable = format == 1 and #held >= 10 and #ARGV[i] >= 10
              and (kind == 80 or kind == 68)
          local order = 0
          if comparable then
            local hh, hl = struct.unpack('>I4I4', held, 3)
            local nh, nl = struct.unpack('>I4I4', ARGV[i], 3)
            if nh ~= hh then order = nh - hh else order = nl - hl end
          end
          if format == 1 and kind == 76 then
            redis.call('DEL', KEYS[i])
            voided = voided + 1
          elseif not comparable then
            if held ~= ARGV[i] then
              redis.call('DEL', KEYS[i])
              removed = removed + 1
            end
          elseif order > 0 then
            redis.call('SET', KEYS[i], ARGV[i], 'KEEPTTL')
            replaced = replaced + 1
          elseif order == 0 and held ~= ARGV[i] then
            redis.call('DEL', KEYS[i])
            removed = removed + 1
          end
        end
      end
      return {replaced, removed, voided}
      """);

  private final byte[] source;
  private final byte[] sha;

  Scripts(String source) {
    this.source = Utf8.encode(source);
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
}
