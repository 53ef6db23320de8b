-- For scripts that read hashes, in which the epoch's tag is a field.
-- Defines, in addition to its includes:
--   isHashOfEpoch(key)  whether a key is a hash of this epoch
--#include epoch
--#include hex
local function isHashOfEpoch(key)
  return redis.pcall('HGET', key, '__dim_e') == hexEpoch
end
