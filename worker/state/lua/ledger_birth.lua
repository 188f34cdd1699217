-- Since when has this ledger existed?
-- KEYS: birth, runs
-- Returns the instant (ms), recorded by the first call in an empty ledger, or 0 for a ledger that had runs before.
local birth = redis.call('GET', KEYS[1])
if birth then return tonumber(birth) end
local t = redis.call('TIME')
birth = redis.call('EXISTS', KEYS[2]) == 1 and 0 or t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('SET', KEYS[1], birth)
return birth
