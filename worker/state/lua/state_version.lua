-- Raise the version of the stored state to the caller's, never lower it.
-- KEYS: state version
-- ARGV: the caller's version
-- Returns the version that is stored afterwards.
local stored = tonumber(redis.call('GET', KEYS[1]) or 0)
if stored >= tonumber(ARGV[1]) then return stored end
redis.call('SET', KEYS[1], ARGV[1])
return tonumber(ARGV[1])
