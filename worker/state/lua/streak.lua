-- A group failed: is it news? The same cause again for the same reporting day is not.
-- KEYS: streak of the group (hash: code, since, day, told, failures, and told:CODE:DAY for each alert)
-- ARGV: code, reporting day (ISO), this failure (an id of its own), keep (s)
-- Returns 1 when operations are to be told, 0 when they know. The same failure asked again gets the same answer.
local alert = 'told:' .. ARGV[1] .. ':' .. ARGV[2]
local code, day, told, told_of_day = unpack(redis.call('HMGET', KEYS[1], 'code', 'day', 'told', alert))
if told == ARGV[3] or told_of_day == ARGV[3] then return 1 end
redis.call('HINCRBY', KEYS[1], 'failures', 1)
redis.call('HSETNX', KEYS[1], 'since', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
-- a streak of an earlier version has no told:CODE:DAY
if told_of_day or (code == ARGV[1] and day == ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'code', ARGV[1], 'told', ARGV[3], alert, ARGV[3])
if not day or day < ARGV[2] then redis.call('HSET', KEYS[1], 'day', ARGV[2]) end
return 1
