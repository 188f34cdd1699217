-- The runs that went silent: their step should have moved by now. Each is handed out once per grace period.
-- KEYS: open    ARGV: grace (ms), how many at most
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
for _, run_id in ipairs(found) do redis.call('ZADD', KEYS[1], now + ARGV[1], run_id) end
return found
