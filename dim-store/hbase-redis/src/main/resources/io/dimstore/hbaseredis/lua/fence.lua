-- Replaces whatever the keys hold by a fence. Until a fence expires, readers create no entry under
-- its key, and writers leave it.
--
-- KEYS: the keys of the rows.
-- ARGV[1]: the tag of the replication epoch.
-- ARGV[2]: the fence, without tag.
-- ARGV[3]: how long the fences last, in milliseconds. A fence that lasts longer already is left.
-- Returns the number of keys.
local fence, lifeMillis = ARGV[2] .. epoch, ARGV[3]

for i = 1, #KEYS do
  local key = KEYS[i]
  if redis.pcall('GET', key) ~= fence or redis.call('PTTL', key) < tonumber(lifeMillis) then
    redis.call('SET', key, fence, 'PX', lifeMillis)
  end
end
return #KEYS
