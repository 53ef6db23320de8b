-- The format of JSON entries (TextEntries): the epoch's tag is the last field of the object. Leases
-- are the same as in the other formats.
-- Defines, in addition to its includes:
--   newVersion(new)      the version of a new entry as two numbers, high and low; nothing if the
--                        entry has no version
--   version(key, value)  the version of a value in Redis, likewise
--#include epoch
--#include hex
local lastField = ',"__dim_e":"' .. hexEpoch .. '"}'
local leaseOfEpoch = ofEpoch
local function ofEpoch(text)
  if string.byte(text) ~= 123 then return leaseOfEpoch(text) end
  return string.sub(text, -#lastField) == lastField
end

local function isHashOfEpoch(key)
  return false
end
--#include held
--#include halves
--#include strings
local function newVersion(new)
  return halves(string.match(new, '^{"__dim_v":(%d+)[,}]'))
end

local function version(key, value)
  if type(value) == 'string' then return newVersion(value) end
end
