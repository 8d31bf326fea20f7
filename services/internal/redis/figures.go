package redis

import (
	"context"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// latencySeconds is how far back the latency of alerts looks.
const latencySeconds = 60

// Live implements dashboards.Counters.
func (l *Live) Live(ctx context.Context, seconds int) (live dashboards.Live, err error) {
	now := l.Now().Unix()
	from := now - int64(max(seconds, latencySeconds))
	var totals *redis.MapStringStringCmd
	var recent *redis.StringSliceCmd
	_, err = l.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		totals = p.HGetAll(ctx, totalsKey)
		recent = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: ticksKey, Start: "(" + strconv.FormatInt(from, 10), Stop: "+inf", ByScore: true})
		return nil
	})
	if err != nil {
		return live, fmt.Errorf("read the live counters: %w", err)
	}
	total := func(field string) int64 { n, _ := strconv.ParseInt(totals.Val()[field], 10, 64); return n }
	live = dashboards.Live{Transactions: total("transactions"), Alerts: total("alerts"), DeadLetters: total("dead_letters"), Newest: atm.Time(total("newest")), NewestAt: atm.Time(total("newest_at"))}
	hashes, err := l.hashes(ctx, recent.Val())
	if err != nil {
		return live, err
	}
	alerts, longest := distribution{}, int64(0)
	for i, hash := range hashes {
		second, err := strconv.ParseInt(recent.Val()[i], 10, 64)
		if err != nil {
			return live, fmt.Errorf("read the live counters: second %q: %w", recent.Val()[i], err)
		}
		tick, most := readTick(second, hash, alerts, second > now-latencySeconds)
		longest = max(longest, most)
		if second > now-int64(seconds) {
			live.Ticks = append(live.Ticks, tick)
		}
	}
	live.Latency = alerts.latency(longest)
	return live, nil
}

// hashes reads the hashes of some seconds.
func (l *Live) hashes(ctx context.Context, seconds []string) ([]map[string]string, error) {
	reads := make([]*redis.MapStringStringCmd, len(seconds))
	_, err := l.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, s := range seconds {
			reads[i] = p.HGetAll(ctx, tickKey+s)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the live counters: %w", err)
	}
	hashes := make([]map[string]string, len(seconds))
	for i, r := range reads {
		hashes[i] = r.Val()
	}
	return hashes, nil
}

// readTick reads one second's hash and adds its alert latencies to alerts when it is recent enough to count; most is the longest of them.
func readTick(second int64, hash map[string]string, alerts distribution, recent bool) (t dashboards.Tick, most int64) {
	t.At = atm.Time(second) * atm.Second
	scores := distribution{}
	for field, text := range hash {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			continue
		}
		switch field {
		case "transactions":
			t.Transactions = n
			continue
		case "alerts":
			t.Alerts = n
			continue
		case "longest":
			if recent {
				most = n
			}
			continue
		}
		number, err := strconv.Atoi(field[1:])
		switch {
		case err != nil:
		case field[:1] == scoreBucket:
			scores[number] += n
		case field[:1] == alertBucket && recent:
			alerts[number] += n
		}
	}
	t.P50, t.P99 = scores.percentile(0.5), scores.percentile(0.99)
	return t, most
}
