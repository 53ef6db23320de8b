-- Takes a lease on every key that does not exist, or has the lease of a reader that did not fill
-- the key in time. The life of the key counts from its lease, whatever is filled in later. So an
-- entry is never older than that life, because HBase was read after the lease was taken.
--
-- KEYS: the keys of the rows.
-- ARGV[1]: the tag of the replication epoch.
-- ARGV[2]: the lease of the reader, without tag.
-- ARGV[3]: how long a key lives, in milliseconds.
-- ARGV[4]: how long a lease may be held, in milliseconds.
-- Returns, for each key on which no lease was taken, its position, from 1, and its value, with its
-- tag: the lease of another reader, or an entry. A hash and a fence are returned as an empty text.
local lease, lifeMillis, holdMillis = ARGV[2] .. epoch, ARGV[3], ARGV[4]

local others = {}
for i = 1, #KEYS do
  local key = KEYS[i]
  if redis.call('SETNX', key, lease) == 1 then
    redis.call('PEXPIRE', key, lifeMillis)
  else
    local value = held(key)
    if value and not (isLease(value) and isOld(key, lifeMillis, holdMillis)) then
      others[#others + 1] = i
      others[#others + 1] = type(value) == 'string' and not isFence(value) and value or ''
    else
      redis.call('SET', key, lease, 'PX', lifeMillis)
    end
  end
end
return others
