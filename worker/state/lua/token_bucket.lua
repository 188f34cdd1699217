-- The token bucket of one OAuth client: GCRA with reservation, on Redis' own clock, in microseconds.
-- A caller learns at once when its permit is free, and that moment is its own: nobody has to ask again and again.
-- Who has to wait for long stands in a line, the earliest stand-up first, and comes back for its turn.
--
-- KEYS: bucket (hash: tat, hold, spread, spread_until, limit, joined), line (by rank), turns (by the promised moment)
-- ARGV: 'reserve', limit per period, period (us), longest wait accepted (us), rank (s), ticket
--       'observe', limit per period, period (us), remaining, reset in (us)
--       'hold',    limit per period, period (us), for (us)
-- reserve returns the wait (us) with the permit reserved, or -1 - wait with a place in the line instead.
--
-- tat: when the bucket would be full again. Burst b and spacing T = period / (limit - b) let at most
-- b + (limit - b) = limit permits out in any stretch of one period.
local op, limit, period = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local b = redis.call('HMGET', KEYS[1], 'tat', 'hold', 'spread', 'spread_until', 'limit')
local tat, hold = tonumber(b[1]) or 0, tonumber(b[2]) or 0
local spread, spread_until = tonumber(b[3]) or 0, tonumber(b[4]) or 0
limit = tonumber(b[5]) or limit
local burst = math.max(1, math.floor(limit / 100))
local spacing = math.ceil(period / math.max(1, limit - burst))
if spread_until > now and spread > spacing then spacing = spread end

local KEEP_MS = 3600000

-- How many stand in the line before this ticket. Whoever let its turn pass is out of it: that costs one permit.
local function ahead(rank, ticket)
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
    redis.call('ZREM', KEYS[2], gone)
    redis.call('ZREM', KEYS[3], gone)
  end
  return redis.call('ZRANK', KEYS[2], ticket) or redis.call('ZCOUNT', KEYS[2], '-inf', string.format('%.0f', rank))
end

-- Equal stand-ups stand in the order in which they came.
local function join(rank, ticket, turn)
  if not redis.call('ZSCORE', KEYS[2], ticket) then
    local place = rank + redis.call('HINCRBY', KEYS[1], 'joined', 1) % 1048576
    redis.call('ZADD', KEYS[2], string.format('%.0f', place), ticket)
  end
  redis.call('ZADD', KEYS[3], string.format('%.0f', turn), ticket)
  for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, KEEP_MS) end
end

if op == 'reserve' then
  local next_tat = math.max(tat, now)
  if hold > now then next_tat = math.max(next_tat, hold + (burst - 1) * spacing) end
  next_tat = next_tat + spacing
  local wait = math.max(next_tat - burst * spacing - now, hold - now, 0)
  local before = 0
  local queued = redis.call('EXISTS', KEYS[2]) == 1
  local rank = tonumber(ARGV[5]) * 1048576
  if queued then before = ahead(rank + 1048575, ARGV[6]) end
  if before > 0 or wait > tonumber(ARGV[4]) then
    wait = wait + before * spacing
    join(rank, ARGV[6], now + wait)
    return -1 - wait
  end
  redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', next_tat))
  if tat <= now then redis.call('PEXPIRE', KEYS[1], KEEP_MS) end
  if queued then
    redis.call('ZREM', KEYS[2], ARGV[6])
    redis.call('ZREM', KEYS[3], ARGV[6])
  end
  return wait
end

if op == 'observe' then
  -- Headers of several answers arrive in any order: they may slow the bucket, never hurry it.
  local remaining, reset = tonumber(ARGV[4]), tonumber(ARGV[5])
  limit = tonumber(ARGV[2])
  if remaining <= 0 then
    hold = math.max(hold, now + reset)
  elseif remaining < 10 then
    spread, spread_until = math.max(spacing, math.ceil(reset / remaining)), now + reset
    tat = math.max(tat, now + (burst - 1) * spread)
  elseif remaining < burst then
    tat = math.max(tat, now + (burst - remaining) * spacing)
  end
else
  -- hold: a 429. After the hold permits come spaced, not all at once.
  hold = math.max(hold, now + tonumber(ARGV[4]))
  tat = math.max(tat, hold + (burst - 1) * spacing)
end
redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', tat), 'hold', string.format('%.0f', hold),
  'spread', string.format('%.0f', spread), 'spread_until', string.format('%.0f', spread_until), 'limit', limit)
redis.call('PEXPIRE', KEYS[1], KEEP_MS)
return 0
