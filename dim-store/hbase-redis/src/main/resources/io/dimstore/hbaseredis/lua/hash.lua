-- The format of entries that are hashes (TextEntries). Leases are the same as in the other formats.
-- A new entry alternates names and values of its fields, each preceded by four bytes of length,
-- without the epoch's tag.
-- Defines the functions of strings.lua, and:
--   newVersion(new)      the version of a new entry as two numbers, high and low; nothing if the
--                        entry has no version
--   version(key, value)  the version of a value in Redis, likewise
--#include hash-epoch
--#include held
--#include halves
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
  all[#all + 1], all[#all + 2] = '__dim_e', hexEpoch
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

-- Keeps the key's expiry. A key without an expiry gets one of `most` milliseconds.
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
