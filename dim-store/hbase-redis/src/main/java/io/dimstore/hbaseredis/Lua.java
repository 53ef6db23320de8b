package io.dimstore.hbaseredis;

/**
 * What scripts begin with: how entries of a format are read, compared and written. {@code
 * held(key)} is what a key has: false for nothing, a text, or a table where it is of another type;
 * {@code isLease(value)}; {@code same(key, value, new)}; {@code version(key, value)} and {@code
 * newVersion(new)}: the halves of a version, high and low, or nothing where there is none; {@code
 * put(key, new, ttl, most)}: for {@code ttl} milliseconds, or without one for as long as the entry
 * would have lived, {@code most} if for ever.
 */
final class Lua {

  private Lua() {}

  /** A key of another type under our names must not fail the others of the batch. */
  private static final String HELD =
      """
      local function held(key)
        return redis.pcall('GET', key)
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

  private static final String STRINGS =
      """
      local function same(key, value, new)
        return value == new
      end
      local function put(key, new, ttl, most)
        if ttl then
          redis.call('SET', key, new, 'PX', ttl)
        else
          redis.call('SET', key, new, 'KEEPTTL')
        end
      end
      """;

  static final String PACKED =
      HELD
          + STRINGS
          + """
          local function newVersion(new)
            if #new >= 10 then return struct.unpack('>I4I4', new, 3) end
          end
          local function version(key, value)
            if type(value) ~= 'string' then return end
            local format, kind = string.byte(value, 1, 2)
            if format == 1 and (kind == 80 or kind == 68) then return newVersion(value) end
          end
          """;

  static final String JSON =
      HELD
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

  /** A new entry is its fields and values in turn, each after four bytes of length. */
  static final String HASH =
      HELD
          + DIGITS
          + """
          local function fields(new)
            local all, at = {}, 1
            while at <= #new do
              all[#all + 1], at = struct.unpack('>I4c0', new, at)
            end
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
          local function put(key, new, ttl, most)
            local left = ttl or redis.call('PTTL', key)
            if not ttl and left < 0 then left = most end
            redis.call('DEL', key)
            local all = fields(new)
            for j = 1, #all, 1000 do
              redis.call('HSET', key, unpack(all, j, math.min(j + 999, #all)))
            end
            redis.call('PEXPIRE', key, left)
          end
          """;
}
