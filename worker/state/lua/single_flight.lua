-- One flight: a thing that several runs need and one of them asks for. On Redis' own clock.
-- KEYS: flight (hash: holder, until_ms, fails), waiting (set of run ids)
-- ARGV: 'enter', holder, lease (ms), fails that are enough
--       'keep',  holder, lease (ms)     the holder has to wait itself and comes back
--       'fail',  holder, remembered for (ms)
--       'land',  holder
--       'await', run id, remembered for (ms)
-- enter returns 0 when the flight is the caller's (again), the ms until it may be free where another has it, and -1
-- where it has failed often enough. land returns the waiting. await returns 1 when there is something to wait for.
local op, who = ARGV[1], ARGV[2]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local f = redis.call('HMGET', KEYS[1], 'holder', 'until_ms', 'fails')
local holder, until_ms, fails = f[1], tonumber(f[2]) or 0, tonumber(f[3]) or 0
local taken = holder and until_ms > now

if op == 'enter' then
  if taken and holder ~= who then return until_ms - now end
  if fails >= tonumber(ARGV[4]) then return -1 end
end
if op == 'enter' or op == 'keep' then
  if not taken or holder == who then
    redis.call('HSET', KEYS[1], 'holder', who, 'until_ms', now + ARGV[3])
    redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[3]), redis.call('PTTL', KEYS[1])))
  end
  return 0
end
if op == 'fail' then
  if holder == who then redis.call('HDEL', KEYS[1], 'holder', 'until_ms') end
  redis.call('HINCRBY', KEYS[1], 'fails', 1)
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
if not taken or holder == who then return 0 end
redis.call('SADD', KEYS[2], who)
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
