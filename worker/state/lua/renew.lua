-- Prolong the lease while the step is being done.
-- KEYS: run, open    ARGV: run id, holder, lease (ms)
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[2] then return 0 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('HSET', KEYS[1], 'lease_until_ms', now + ARGV[3])
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
return 1
