-- Reconciles entries with HBase: for each key, the caller sends the entry of what HBase held.
--
-- If the lease that the caller saw before it read HBase still exists, and was not held too long,
-- nothing was written since, and the entry is created. Otherwise no entry is created, because only
-- HBase can tell whether that value is still the newest. A newer value then replaces an existing
-- entry. The lease of another reader, or one that was held too long, is removed. No key's life is
-- prolonged. A value that is not a valid entry, even of another type, is removed. A fence is left.
--
-- KEYS: the keys of the rows.
-- ARGV[1]: the tag of the replication epoch.
-- ARGV[2]: how long a key lives from its lease on, in milliseconds.
-- ARGV[3]: 1 (writers): an entry of equal version with other content is removed, and the next
--          reader creates it again. 0 (readers): it is left, since it may have another layout.
-- ARGV[4]: the lease that was seen, without tag; empty for none.
-- ARGV[5]: how long a lease may be held, in milliseconds.
-- ARGV[6]: 1 if ARGV[4] is the lease of every key, 2 if each key has a lease of its own.
-- ARGV[7] and on: for each key its new entry; if ARGV[6] is 2, the key's lease precedes it, and '='
--          stands for ARGV[4].
-- Returns how many entries were created, replaced and removed, how many leases were invalidated,
-- and how many new entries are older than the existing ones.
local lifeMillis, removesEqual = ARGV[2], ARGV[3] == '1'
local commonLease, holdMillis, each = ARGV[4], ARGV[5], tonumber(ARGV[6])
local FIRST = 6

local created, replaced, removed, invalidated, older = 0, 0, 0, 0, 0
local old = {}
if commonLease ~= '' then commonLease = commonLease .. epoch end
local values = each == 1 and commonLease == '' and found(KEYS)
for i = 1, #KEYS do
  local key, lease, new = KEYS[i], commonLease, ARGV[FIRST + each * i]
  if each == 2 and ARGV[FIRST - 1 + 2 * i] ~= '=' then
    lease = ARGV[FIRST - 1 + 2 * i]
    if lease ~= '' then lease = lease .. epoch end
  end
  if lease ~= '' and not old[lease] and swapped(key, lease, new, lifeMillis) then
    if old[lease] == nil then old[lease] = isOld(key, lifeMillis, holdMillis) end
    if old[lease] then
      redis.call('DEL', key)
      invalidated = invalidated + 1
    else
      created = created + 1
    end
  else
    local value
    if values then value = trusted(key, values[i]) else value = held(key) end
    if value and not isFence(value) and not same(key, value, new) then
      local heldHigh, heldLow = version(key, value)
      local newHigh, newLow = newVersion(new)
      local comparable = heldHigh and newHigh
      local order = 0
      if comparable then
        if newHigh ~= heldHigh then order = newHigh - heldHigh else order = newLow - heldLow end
      end
      if order > 0 then
        put(key, new, lifeMillis)
        replaced = replaced + 1
      elseif order == 0 and (removesEqual or not comparable) then
        redis.call('DEL', key)
        if isLease(value) then invalidated = invalidated + 1 else removed = removed + 1 end
      elseif order < 0 then
        older = older + 1
      end
    end
  end
end
return {created, replaced, removed, invalidated, older}
