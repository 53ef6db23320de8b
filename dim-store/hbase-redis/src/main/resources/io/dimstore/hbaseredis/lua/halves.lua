-- Defines:
--   halves(text)  a version in decimal digits as two numbers, high and low; nothing if the text is
--                 nil or too long. Lua's numbers are exact only up to 2^53, so the low half has
--                 nine digits.
local function halves(text)
  if not text or #text > 19 then return end
  return tonumber('0' .. string.sub(text, 1, -10)), tonumber(string.sub(text, -9))
end
