package io.dimstore.hbaseredis;

/**
 * What scripts begin with: how entries of a format are read, compared and written. {@code reign} is
 * ARGV[1]. Values stand with their tag throughout, as they do in Redis and as the client sends new
 * entries. {@code ofReign(text)}: whether a text has the tag of this reign; {@code held(key)}: what
 * a key has of this reign: false for nothing, a text, or a table where it is of another type; what
 * is of another reign or of none goes; {@code found(keys)}: what keys have, of any reign, to be
 * looked at through {@code trusted(key, value)}, which is then as {@code held(key)}; {@code
 * isLease(value)}; {@code same(key, value, new)}; {@code version(key, value)} and {@code
 * newVersion(new)}: the halves of a version, high and low, or nothing where there is none; {@code
 * put(key, new, most)}: for as long as what is there would have lived, {@code most} milliseconds if
 * for ever; {@code isOld(key, life, most)}: whether a key that lives {@code life} milliseconds was
 * made more than {@code most} ago; {@code swapped(key, lease, new, most)}: puts an entry in the
 * place of a lease, and says whether that lease was there.
 */
final class Lua {

  private Lua() {}

  /** Leases, whatever the format, and packed entries end with the reign. */
  private static final String SUFFIX =
      """
      local reign = ARGV[1]
      local function ofReign(text)
        return string.sub(text, -#reign) == reign
      end
      """;

  private static final String HEX =
      """
      local hex = string.gsub(reign, '.', function(c)
        return string.format('%02x', string.byte(c))
      end)
      """;

  /** JSON has it as its last field. */
  private static final String LAST_FIELD =
      HEX
          + """
          local last = ',"__dim_r":"' .. hex .. '"}'
          local suffixed = ofReign
          local function ofReign(text)
            if string.byte(text) ~= 123 then return suffixed(text) end
            return string.sub(text, -#last) == last
          end
          """;

  private static final String STRINGS_ALONE =
      """
      local function isHashOfReign(key)
        return false
      end
      """;

  private static final String HASHES =
      HEX
          + """
          local function isHashOfReign(key)
            return redis.pcall('HGET', key, '__dim_r') == hex
          end
          """;

  /**
   * A key of another type under our names must not fail the others of the batch; what else GET may
   * fail with has to be heard of.
   */
  private static final String HELD =
      """
      local function held(key)
        local value = redis.pcall('GET', key)
        if not value then return false end
        local ours
        if type(value) == 'string' then
          ours = ofReign(value)
        elseif string.find(value.err, 'WRONGTYPE', 1, true) then
          ours = isHashOfReign(key)
        else
          return redis.call('GET', key)
        end
        if ours then return value end
        redis.call('DEL', key)
        return false
      end
      local function isOld(key, life, most)
        return life - redis.call('PTTL', key) > tonumber(most)
      end
      local function isLease(value)
        if type(value) ~= 'string' then return false end
        local format, kind = string.byte(value, 1, 2)
        return format == 1 and kind == 76
      end
      """;

  /** Numbers of Lua are exact to 2^53 alone: two halves of nine digits and the rest. */
  private static final String DIGITS =
      """
      local function halves(text)
        if not text or #text > 19 then return end
        return tonumber('0' .. string.sub(text, 1, -10)), tonumber(string.sub(text, -9))
      end
      """;

  /** One command finds them all; a key of another type, which it passes over, is rare. */
  private static final String STRINGS =
      """
      local function found(keys)
        local values, missing = redis.call('MGET', unpack(keys)), {}
        for i = 1, #keys do
          if not values[i] then missing[#missing + 1] = keys[i] end
        end
        if #missing > 0 and redis.call('EXISTS', unpack(missing)) > 0 then
          for i = 1, #missing do held(missing[i]) end
        end
        return values
      end
      local function trusted(key, value)
        if not value or ofReign(value) then return value end
        redis.call('DEL', key)
        return false
      end
      local function same(key, value, new)
        return value == new
      end
      local function put(key, new, most)
        redis.call('SET', key, new, 'KEEPTTL')
      end
      local function swapped(key, lease, new, most)
        local was = redis.pcall('SET', key, new, 'XX', 'KEEPTTL', 'GET')
        if was == lease then return true end
        if type(was) == 'string' then
          redis.call('SET', key, was, 'KEEPTTL')
        elseif was and not string.find(was.err, 'WRONGTYPE', 1, true) then
          error(was.err)
        end
        return false
      end
      """;

  static final String PACKED =
      SUFFIX
          + STRINGS_ALONE
          + HELD
          + STRINGS
          + """
          local function newVersion(new)
            if #new >= 10 + #reign then return struct.unpack('>I4I4', new, 3) end
          end
          local function version(key, value)
            if type(value) ~= 'string' then return end
            local format, kind = string.byte(value, 1, 2)
            if format == 1 and (kind == 80 or kind == 68) then return newVersion(value) end
          end
          """;

  static final String JSON =
      SUFFIX
          + LAST_FIELD
          + STRINGS_ALONE
          + HELD
          + DIGITS
          + STRINGS
          + """
          local function newVersion(new)
            return halves(string.match(new, '^{"__dim_v":(%d+)[,}]'))
          end
          local function version(key, value)
            if type(value) == 'string' then return newVersion(value) end
          end
          """;

  /** What reads hashes begins with. */
  static final String HASH_OF_REIGN = SUFFIX + HASHES;

  /** A new entry is its fields and values in turn, each after four bytes of length, without tag. */
  static final String HASH =
      HASH_OF_REIGN
          + HELD
          + DIGITS
          + """
          local function found(keys)
            local values = {}
            for i = 1, #keys do values[i] = held(keys[i]) end
            return values
          end
          local function trusted(key, value)
            return value
          end
          local function fields(new)
            local all, at = {}, 1
            while at <= #new do
              all[#all + 1], at = struct.unpack('>I4c0', new, at)
            end
            all[#all + 1], all[#all + 2] = '__dim_r', hex
            return all
          end
          local function same(key, value, new)
            if type(value) ~= 'table' then return false end
            local there = redis.pcall('HGETALL', key)
            local all = fields(new)
            if there.err or #there ~= #all then return false end
            local by = {}
            for j = 1, #there, 2 do by[there[j]] = there[j + 1] end
            for j = 1, #all, 2 do
              if by[all[j]] ~= all[j + 1] then return false end
            end
            return true
          end
          local function newVersion(new)
            local all = fields(new)
            if all[1] == '__dim_v' then return halves(all[2]) end
          end
          local function version(key, value)
            if type(value) ~= 'table' then return end
            local text = redis.pcall('HGET', key, '__dim_v')
            if type(text) == 'string' then return halves(string.match(text, '^%d+$')) end
          end
          local function put(key, new, most)
            local left = redis.call('PTTL', key)
            if left < 0 then left = most end
            redis.call('DEL', key)
            local all = fields(new)
            for j = 1, #all, 1000 do
              redis.call('HSET', key, unpack(all, j, math.min(j + 999, #all)))
            end
            redis.call('PEXPIRE', key, left)
          end
          local function swapped(key, lease, new, most)
            if redis.pcall('GET', key) ~= lease then return false end
            put(key, new, most)
            return true
          end
          """;
}
