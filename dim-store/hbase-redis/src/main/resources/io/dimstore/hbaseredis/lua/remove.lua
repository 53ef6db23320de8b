-- Removes every entry that is unchanged since it was seen.
--
-- KEYS: the keys of the rows.
-- ARGV[1]: the tag of the replication epoch.
-- ARGV[2] and on: for each key the entry that was seen, with its tag unless entries are hashes.
-- Returns for each key 1 if its entry was removed, else 0.
local BEFORE_SEEN = 1

local removed = {}
for i = 1, #KEYS do
  local key, seen = KEYS[i], ARGV[BEFORE_SEEN + i]
  local value = held(key)
  removed[i] = value and same(key, value, seen) and redis.call('DEL', key) or 0
end
return removed
