-- Functions for entries that are strings, packed or JSON.
-- Defines:
--   found(keys)                     the values of keys, of any epoch, read with one command
--   trusted(key, value)             the result of held(key), given the value from found(keys)
--   same(key, value, new)           whether a value equals the new entry
--   put(key, new, most)             writes an entry; the key keeps its expiry
--   swapped(key, lease, new, most)  replaces a lease by an entry; returns whether the lease existed
local function found(keys)
  local values, missing = redis.call('MGET', unpack(keys)), {}
  for i = 1, #keys do
    if not values[i] then missing[#missing + 1] = keys[i] end
  end
  -- MGET returns nothing for a key of another type. Such keys are rare.
  if #missing > 0 and redis.call('EXISTS', unpack(missing)) > 0 then
    for i = 1, #missing do held(missing[i]) end
  end
  return values
end

local function trusted(key, value)
  if not value or ofEpoch(value) then return value end
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
