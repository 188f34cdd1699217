-- A group failed: is it news? The same cause again for the same or an earlier day is not.
-- KEYS: streak of the group (hash: code, since, day, told, failures)
-- ARGV: code, reporting day (ISO), this failure (an id of its own), keep (s)
-- Returns 1 when operations are to be told, 0 when they know. The same failure asked again gets the same answer.
local code, day, told = unpack(redis.call('HMGET', KEYS[1], 'code', 'day', 'told'))
if told == ARGV[3] then return 1 end
redis.call('HINCRBY', KEYS[1], 'failures', 1)
redis.call('HSETNX', KEYS[1], 'since', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
if code == ARGV[1] and day >= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'code', ARGV[1], 'told', ARGV[3])
if not day or day < ARGV[2] then redis.call('HSET', KEYS[1], 'day', ARGV[2]) end
return 1
