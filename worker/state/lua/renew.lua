-- Prolong the lease while the step is being done, but not for ever: a step that never ends must not keep its run.
-- KEYS: run, open    ARGV: run id, holder, lease (ms), longest time since the step was entered (ms)
-- Returns 1, or 0 when another worker has the lease or the step takes too long.
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[2] then return 0 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local entered = tonumber(redis.call('HGET', KEYS[1], 'entered_ms') or now)
if entered > now then -- the clock was set back: the time of the step begins again
  entered = now
  redis.call('HSET', KEYS[1], 'entered_ms', entered)
end
if now - entered > tonumber(ARGV[4]) then return 0 end
redis.call('HSET', KEYS[1], 'lease_until_ms', now + ARGV[3])
redis.call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
return 1
