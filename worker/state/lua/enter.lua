-- Enter a step: take the lease, if it is this step's turn and no other worker does it.
-- KEYS: run, open, state version
-- ARGV: run id, step, holder, lease (ms), early tolerance (ms), how many recoveries are one too many, the state version
--       that the caller knows, the longest wait that a step plans (ms), then the steps in their order
-- A holder is the id of its chain of messages, a slash, and a mark of its own.
-- Returns a word and, if the caller has the lease, the run's fields and values. The words:
--   'mine'      the caller has the lease, also a holder that asks again because the answer got lost
--   'worn_out'  the caller has the lease and must end the run: too many workers began the step and never said how it went
--   'done'      the run is past this step by an attempt of the caller's chain, which goes on
--   'passed'    the run is past this step, and another chain continues it
--   'early'     the run is not yet at this step
--   'held'      another worker has the lease
--   'waiting'   a later poll is already arranged
--   'closed', 'unknown', 'newer': the run has ended, does not exist, or its state is of a newer program than the caller
local function entered(word) return {word, redis.call('HGETALL', KEYS[1])} end
if tonumber(redis.call('GET', KEYS[3]) or 0) > tonumber(ARGV[7]) then return {'newer'} end
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return {'unknown'} end
if state ~= 'open' then return {'closed'} end
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local at = redis.call('HGET', KEYS[1], 'step')
if at ~= ARGV[2] then -- whichever of the two comes first in the order of steps tells
  for i = 9, #ARGV do
    if ARGV[i] == at then return {'early'} end
    if ARGV[i] == ARGV[2] then
      local settled_by = redis.call('HGET', KEYS[1], 'settled_by') or ''
      return {string.match(settled_by, '^[^/]*') == string.match(ARGV[3], '^[^/]*') and 'done' or 'passed'}
    end
  end
end
local holder = redis.call('HGET', KEYS[1], 'holder')
local lease_until = tonumber(redis.call('HGET', KEYS[1], 'lease_until_ms') or 0)
-- No lease and no wait ends later than its greatest length from now. One that does was written before the clock was set
-- back. The lease is cut, so that a holder that is alive can renew it. The wait is over.
if lease_until - ARGV[4] > now then
  lease_until = now + ARGV[4]
  redis.call('HSET', KEYS[1], 'lease_until_ms', lease_until)
  redis.call('ZADD', KEYS[2], lease_until, ARGV[1])
end
if lease_until > now then return holder == ARGV[3] and entered('mine') or {'held'} end
local next_at = tonumber(redis.call('HGET', KEYS[1], 'next_at_ms') or 0)
if next_at - ARGV[5] > now and next_at - ARGV[8] <= now then return {'waiting'} end
redis.call('HSET', KEYS[1], 'holder', ARGV[3], 'lease_until_ms', now + ARGV[4], 'entered_ms', now)
redis.call('ZADD', KEYS[2], now + ARGV[4], ARGV[1])
-- a holder that settled is no longer written down
if holder and redis.call('HINCRBY', KEYS[1], 'recoveries:' .. at, 1) >= tonumber(ARGV[6]) then return entered('worn_out') end
return entered('mine')
