-- Part of every script. Values in Redis end with a tag: the replication epoch of the master on
-- which they were written. Values of another epoch are not valid entries.
--
-- ARGV[1]: the tag of the current replication epoch.
-- Defines:
--   epoch         the tag
--   ofEpoch(text) whether a text ends with the tag
local epoch = ARGV[1]

local function ofEpoch(text)
  return string.sub(text, -#epoch) == epoch
end
