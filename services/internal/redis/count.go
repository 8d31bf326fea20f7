package redis

import (
	"context"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"skimwatch/engine/atm"
)

// count is a batch of additions to the counters.
type count struct {
	totals           map[string]int64
	newest, newestAt atm.Time
	ticks            map[int64]map[string]int64 // by second of processing time
	longest          map[int64]int64            // longest produced to raised, µs, by second
}

func newCount() *count {
	return &count{totals: map[string]int64{}, ticks: map[int64]map[string]int64{}, longest: map[int64]int64{}}
}

func (c *count) tick(at atm.Time) map[string]int64 {
	second := int64(at / atm.Second)
	if c.ticks[second] == nil {
		c.ticks[second] = map[string]int64{}
	}
	return c.ticks[second]
}

func (c *count) atMost(at atm.Time, latency int64) {
	second := int64(at / atm.Second)
	c.longest[second] = max(c.longest[second], latency)
}

// CountScores counts scores, by when they were scored. It is not idempotent: scores that are delivered again after a crash of the
// caller are counted again; the exact figures are the history's.
func (l *Live) CountScores(ctx context.Context, scores []atm.Score) error {
	if len(scores) == 0 {
		return nil
	}
	c := newCount()
	c.totals["transactions"] = int64(len(scores))
	for i := range scores {
		s := &scores[i]
		t := c.tick(s.Scored)
		t["transactions"]++
		t[scoreBucket+bucket(s.Scored-s.Produced)]++
		c.newestAt = max(c.newestAt, s.Scored)
		if s.Flags&atm.Future == 0 {
			c.newest = max(c.newest, s.Transaction.Time)
		}
	}
	return l.add(ctx, c)
}

// CountDeadLetters counts transactions that could not be decoded.
func (l *Live) CountDeadLetters(ctx context.Context, n int) error {
	c := newCount()
	c.totals["dead_letters"] = int64(n)
	return l.add(ctx, c)
}

// raise sets a field of a hash to a number unless it is larger already.
var raise = redis.NewScript(`
if tonumber(ARGV[2]) > tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0') then
	redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
return 0`)

// trim drops the seconds at or before ARGV[1].
var trim = redis.NewScript(`
for _, second in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])) do
	redis.call('DEL', ARGV[2] .. second)
	redis.call('ZREM', KEYS[1], second)
end
return 0`)

// add writes a batch in one round trip, and as one transaction.
func (l *Live) add(ctx context.Context, c *count) error {
	_, err := l.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for field, n := range c.totals {
			p.HIncrBy(ctx, totalsKey, field, n)
		}
		for field, value := range map[string]atm.Time{"newest": c.newest, "newest_at": c.newestAt} {
			if value > 0 {
				raise.Eval(ctx, p, []string{totalsKey}, field, int64(value))
			}
		}
		for second, fields := range c.ticks {
			key := tickKey + fmt.Sprint(second)
			p.ZAdd(ctx, ticksKey, redis.Z{Score: float64(second), Member: second})
			for field, n := range fields {
				p.HIncrBy(ctx, key, field, n)
			}
			if longest := c.longest[second]; longest > 0 {
				raise.Eval(ctx, p, []string{key}, "longest", longest)
			}
		}
		if last := lastSecond(c); last > 0 {
			trim.Eval(ctx, p, []string{ticksKey}, last-tickSeconds, tickKey)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write the live counters: %w", err)
	}
	return nil
}

func lastSecond(c *count) int64 {
	var seconds []int64
	for s := range c.ticks {
		seconds = append(seconds, s)
	}
	if len(seconds) == 0 {
		return 0
	}
	return slices.Max(seconds)
}
