-- Write an archived run's timeline and deliveries back to keys of their own.
-- KEYS: archive of the group, timeline, deliveries, run
-- ARGV: field of the run, what is archived, the timeline's compact form, then each delivery's field and record, …
-- Returns 1, or 0 when the archive has changed meanwhile.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('LPUSH', KEYS[2], ARGV[3])
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1]) end
local lifetime = redis.call('PTTL', KEYS[4])
if lifetime > 0 then
  redis.call('PEXPIRE', KEYS[2], lifetime)
  redis.call('PEXPIRE', KEYS[3], lifetime)
end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1
