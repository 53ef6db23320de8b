-- Reads hashes. Keys of other epochs or types, such as leases, count as missing.
--
-- KEYS: the keys of the rows.
-- ARGV[1]: the tag of the replication epoch.
-- ARGV[2] and on: the fields to read; if there are none, all fields are read.
-- Returns for each key the values of these fields, or all names and values alternating; an empty
-- list for a missing key.
local FIRST_FIELD = 2

local found = {}
for i = 1, #KEYS do
  local key, values = KEYS[i], {}
  if isHashOfEpoch(key) then
    if #ARGV >= FIRST_FIELD then
      values = redis.call('HMGET', key, unpack(ARGV, FIRST_FIELD))
    else
      local all = redis.call('HGETALL', key)
      for j = 1, #all, 2 do
        if all[j] ~= '__dim_e' then
          values[#values + 1], values[#values + 2] = all[j], all[j + 1]
        end
      end
    end
  end
  found[i] = values
end
return found
