-- One flight: a thing that several runs need and one of them asks for. On Redis' own clock.
-- KEYS: flight (hash: holder, until_ms, lease_ms, kept: 1 while the holder itself waits), waiting (set of run ids)
-- ARGV: 'enter', holder, lease (ms)
--       'keep',  holder, lease (ms)     the holder has to wait itself and comes back
--       'land',  holder
--       'await', run id, remembered for (ms)
-- enter returns 0 when the flight is the caller's (again), else the ms until it may be free, as a negative number if the
-- holder itself waits. land returns the waiting.
-- await returns 1 when there is something to wait for.
local op, who = ARGV[1], ARGV[2]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local f = redis.call('HMGET', KEYS[1], 'holder', 'until_ms', 'kept', 'lease_ms')
local holder, until_ms = f[1], tonumber(f[2]) or 0
-- A flight further ahead than its lease was written before the clock was set back, and is over. An older program writes
-- no length.
local lease = tonumber(f[4]) or until_ms
local others = holder and until_ms > now and until_ms - now <= lease and holder ~= who

if op == 'enter' or op == 'keep' then
  if others then return f[3] == '1' and now - until_ms or until_ms - now end
  redis.call('HSET', KEYS[1], 'holder', who, 'until_ms', now + ARGV[3], 'lease_ms', ARGV[3], 'kept', op == 'keep' and 1 or 0)
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 0
end
if op == 'land' then
  if holder == who then redis.call('DEL', KEYS[1]) end
  local waiting = redis.call('SMEMBERS', KEYS[2])
  redis.call('DEL', KEYS[2])
  return waiting
end
-- await
if not others then return 0 end
redis.call('SADD', KEYS[2], who)
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
