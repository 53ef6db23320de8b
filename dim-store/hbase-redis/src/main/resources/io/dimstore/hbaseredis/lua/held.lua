-- Reads keys. Uses isHashOfEpoch(key), which the format defines.
-- Defines:
--   held(key)                   the value of a key if it has this epoch: a text, or a table if the
--                               key has another type; else false. Removes keys of other epochs.
--   isLease(value)              whether a value, with its tag, is a lease
--   isFence(value)              whether a value, with its tag, is a fence
--   isOld(key, life, most)      whether a key whose whole life is `life` milliseconds was created
--                               more than `most` milliseconds ago
local function held(key)
  -- A key of another type must not fail the whole batch. Any other failure of GET must be reported,
  -- so the command is repeated with redis.call.
  local value = redis.pcall('GET', key)
  if not value then return false end
  local ours
  if type(value) == 'string' then
    ours = ofEpoch(value)
  elseif string.find(value.err, 'WRONGTYPE', 1, true) then
    ours = isHashOfEpoch(key)
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

local function isOfKind(value, kind)
  if type(value) ~= 'string' then return false end
  local format, actual = string.byte(value, 1, 2)
  return format == 1 and actual == kind
end

local function isLease(value)
  return isOfKind(value, 76)
end

local function isFence(value)
  return isOfKind(value, 70)
end
