-- The token bucket of one OAuth client: GCRA with reservation, on Redis' own clock, in microseconds.
-- A caller learns at once when its permit is free, and that moment is its own: nobody has to ask again and again.
--
-- KEYS: bucket (hash: tat, hold, spread, spread_until, limit)
-- ARGV: 'reserve', limit per period, period (us), longest wait accepted (us)
--       'observe', limit per period, period (us), remaining, reset in (us)
--       'hold',    limit per period, period (us), for (us)
-- reserve returns {1, wait (us)} with the permit reserved, or {0, wait (us)} with nothing changed.
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

local function keep()
  redis.call('HSET', KEYS[1], 'tat', string.format('%.0f', tat), 'hold', string.format('%.0f', hold),
    'spread', string.format('%.0f', spread), 'spread_until', string.format('%.0f', spread_until), 'limit', limit)
  redis.call('PEXPIRE', KEYS[1], 3600000)
end

if op == 'reserve' then
  local next_tat = math.max(tat, now, hold + (burst - 1) * spacing) + spacing
  if hold <= now then next_tat = math.max(tat, now) + spacing end
  local wait = math.max(next_tat - burst * spacing - now, hold - now, 0)
  if wait > tonumber(ARGV[4]) then return {0, wait} end
  tat = next_tat
  keep()
  return {1, wait}
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
  keep()
  return {1, 0}
end

-- hold: a 429. After the hold permits come spaced, not all at once.
hold = math.max(hold, now + tonumber(ARGV[4]))
tat = math.max(tat, hold + (burst - 1) * spacing)
keep()
return {1, 0}
