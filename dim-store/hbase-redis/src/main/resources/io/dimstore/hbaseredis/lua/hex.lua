-- Defines:
--   hexEpoch  the tag in hexadecimal digits, as it is written in JSON and hashes
local hexEpoch = string.gsub(epoch, '.', function(c)
  return string.format('%02x', string.byte(c))
end)
