-- Make a waiting step due now, if the run waits between two attempts at it. A worker in the step goes on.
-- KEYS: run, open, timeline
-- ARGV: run id, step that is woken, least wait worth cutting short (ms), silent after (ms), event JSON,
--       how long a message that is due may wait in a queue before it counts as lost (ms)
-- Returns 1 when the step is due now, 0 when there was nothing to wake.
if redis.call('HGET', KEYS[1], 'state') ~= 'open' then return 0 end
if redis.call('HGET', KEYS[1], 'step') ~= ARGV[2] then return 0 end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
if tonumber(redis.call('HGET', KEYS[1], 'lease_until_ms') or 0) > now then return 0 end
-- A message that is due waits in a queue, and another one would only make that longer. After a while it counts as lost
-- with the worker that held it.
local next_at = tonumber(redis.call('HGET', KEYS[1], 'next_at_ms') or 0)
if next_at - now <= tonumber(ARGV[3]) and now - next_at < tonumber(ARGV[6]) then return 0 end
redis.call('HSET', KEYS[1], 'next_at_ms', now)
redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[1])
redis.call('RPUSH', KEYS[3], now .. ' ' .. ARGV[5])
return 1
