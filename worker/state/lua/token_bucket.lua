-- The token bucket of one OAuth client: GCRA with reservation, on Redis' own clock, in microseconds.
-- A caller learns at once when its permit is free, and that moment is its own, so no caller asks again and again.
-- A caller with a long wait gets a place in the line, the earliest stand-up first, and comes back for its turn.
--
-- KEYS: bucket, line (tickets by rank), turns (tickets by the promised moment)
-- ARGV: 'reserve', limit per period, period (us), longest wait accepted (us), rank (s), ticket
--       'observe', limit per period, period (us), remaining, reset in (us), stated limit or 0
--       'hold',    limit per period, period (us), for (us)
--       'look',    limit per period, period (us), tickets...
-- reserve returns the wait (us) with the permit reserved, or -1 - wait with a place in the line instead.
-- look changes nothing. It returns the limit, about how many permits the last period gave out, how many callers are in
-- the line, the wait (us) of the last of them, for how long (us) the API wants no request, and the wait (us) of each
-- ticket, -1 for one that is not in the line.
--
-- tat: when the bucket would be full again. Burst b and spacing T = period / (limit - b) let at most
-- b + (limit - b) = limit permits out in any stretch of one period. The bucket is one string of eleven doubles: it is
-- read and written for every request, and a hash takes twice as long. Three of them count the permits of this period by
-- Redis' clock and of the one before. The last is when the learned limit was stated. An older program reads and writes
-- the first seven, or ten, only.
local op, limit, period = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local tat, hold, spread, spread_until, learned, joined, queued = 0, 0, 0, 0, 0, 0, 0
local counted, given, given_before, learned_at = 0, 0, 0, 0
local kept = redis.pcall('GET', KEYS[1])
if type(kept) == 'table' then -- the first releases stored a hash: GET refuses it
  if op ~= 'look' then redis.call('DEL', KEYS[1]) end
elseif kept then
  tat, hold, spread, spread_until, learned, joined, queued = struct.unpack('<ddddddd', kept)
  if #kept >= 80 then counted, given, given_before = struct.unpack('<ddd', kept, 57) end
  if #kept >= 88 then learned_at = struct.unpack('<d', kept, 81) end
end
local present = math.floor(now / period)
if counted ~= present then
  given_before = counted == present - 1 and given or 0
  counted, given = present, 0
end
-- No answer holds the bucket for longer than ten periods. What lies further ahead was written before somebody set the
-- clock back, and would keep the bucket shut for as long as that.
local farthest = now + 11 * period
if tat > farthest then tat = now end
if hold > farthest then hold = now end
if spread_until > farthest then spread_until = now end
-- Endpoints have limits of their own, and all share the bucket: the smallest counts until it was not stated for two
-- periods. A limit of another endpoint, or none, says nothing against it.
local stated = op == 'observe' and tonumber(ARGV[6]) or 0
local is_outdated = learned_at > now or now - learned_at >= 2 * period
if stated > 0 and (learned <= 0 or stated <= learned or is_outdated) then learned, learned_at = stated, now end
if learned > 0 then limit = learned end
local burst = math.max(1, math.floor(limit / 100))
local spacing = math.ceil(period / math.max(1, limit - burst))
if spread_until > now and spread > spacing then spacing = spread end

local function keep()
  redis.call('SET', KEYS[1], struct.pack('<ddddddddddd', tat, hold, spread, spread_until, learned, joined, queued,
    counted, given, given_before, learned_at), 'PX', 3600000)
end

if op == 'look' then
  local last = redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  local answer = {
    limit,
    math.floor(math.min(given + given_before * (1 - now % period / period), limit)),
    redis.call('ZCOUNT', KEYS[3], string.format('(%.0f', now), '+inf'),
    math.max((tonumber(last[2]) or now) - now, 0),
    math.max(hold - now, 0),
  }
  for number = 4, #ARGV do
    local turn = tonumber(redis.call('ZSCORE', KEYS[3], ARGV[number]) or 0)
    answer[number + 2] = turn > now and turn - now or -1
  end
  return answer
end

if op == 'reserve' then
  local next_tat = math.max(tat, now)
  if hold > now then next_tat = math.max(next_tat, hold + (burst - 1) * spacing) end
  next_tat = next_tat + spacing
  local wait = math.max(next_tat - burst * spacing - now, hold - now, 0)
  local before, granted = 0, wait <= tonumber(ARGV[4])
  if queued > 0 then
    -- A caller that let its turn pass leaves the line. That costs one permit, and no more.
    -- So is one whose turn lies further ahead than all who stand in the line could push it.
    local last_turn = farthest + redis.call('ZCARD', KEYS[2]) * spacing
    for _, turns in ipairs({{'-inf', now}, {string.format('(%.0f', last_turn), '+inf'}}) do
      for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], turns[1], turns[2])) do
        redis.call('ZREM', KEYS[2], gone)
        redis.call('ZREM', KEYS[3], gone)
      end
    end
    before = redis.call('ZRANK', KEYS[2], ARGV[6])
      or redis.call('ZCOUNT', KEYS[2], '-inf', string.format('%.0f', ARGV[5] * 1048576 + 1048575))
    granted = granted and before == 0
  end
  if granted then
    tat, given = next_tat, given + 1
    if queued > 0 then
      redis.call('ZREM', KEYS[2], ARGV[6])
      redis.call('ZREM', KEYS[3], ARGV[6])
      queued = redis.call('ZCARD', KEYS[2])
    end
  else
    -- Callers with equal stand-ups are in the order in which they came. One that is in the line keeps its place.
    wait = wait + before * spacing
    joined = joined + 1
    redis.call('ZADD', KEYS[2], 'NX', string.format('%.0f', ARGV[5] * 1048576 + joined % 1048576), ARGV[6])
    redis.call('ZADD', KEYS[3], string.format('%.0f', now + wait), ARGV[6])
    redis.call('PEXPIRE', KEYS[2], 3600000)
    redis.call('PEXPIRE', KEYS[3], 3600000)
    queued = 1
  end
  keep()
  return granted and wait or -1 - wait
end

if op == 'observe' then
  -- Headers of several answers arrive in any order: they may slow the bucket, never hurry it.
  local remaining, reset = tonumber(ARGV[4]), tonumber(ARGV[5])
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
  hold = math.max(hold, now + math.min(tonumber(ARGV[4]), 10 * period))
  tat = math.max(tat, hold + (burst - 1) * spacing)
end
keep()
return 0
