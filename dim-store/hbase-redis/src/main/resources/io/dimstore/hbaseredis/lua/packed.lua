-- The format of packed entries (EntryCodec): strings that end with the epoch's tag.
-- Defines, in addition to its includes:
--   newVersion(new)      the version of a new entry as two numbers, high and low; nothing if the
--                        entry has no version
--   version(key, value)  the version of a value in Redis, likewise
--#include epoch
local function isHashOfEpoch(key)
  return false
end
--#include held
--#include strings
local function newVersion(new)
  if #new >= 10 + #epoch then return struct.unpack('>I4I4', new, 3) end
end

local function version(key, value)
  if type(value) ~= 'string' then return end
  local format, kind = string.byte(value, 1, 2)
  if format == 1 and (kind == 80 or kind == 68) then return newVersion(value) end
end
