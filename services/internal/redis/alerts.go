package redis

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"skimwatch/dashboards"
	"skimwatch/engine/atm"
)

// publish remembers the ids of alerts, appends those that are new to the stream and adds them to the total, in one step. ARGV: bounds of the stream and of
// the ids, then id and body of each alert. It returns the places of those that were new.
var publish = redis.NewScript(`
local new = {}
for i = 3, #ARGV, 2 do
	if redis.call('SADD', KEYS[2], ARGV[i]) == 1 then
		redis.call('RPUSH', KEYS[3], ARGV[i])
		redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[1], '*', 'kind', 'alert', 'id', ARGV[i], 'alert', ARGV[i + 1])
		new[#new + 1] = (i - 3) / 2
	end
end
while redis.call('LLEN', KEYS[3]) > tonumber(ARGV[2]) do
	redis.call('SREM', KEYS[2], redis.call('LPOP', KEYS[3]))
end
redis.call('HINCRBY', KEYS[4], 'alerts', #new)
return new`)

// PublishAlerts puts alerts on the live stream and counts them, by when they were raised. An alert that was published before changes
// nothing.
func (l *Live) PublishAlerts(ctx context.Context, alerts []atm.Alert) error {
	new, err := l.publish(ctx, alerts)
	if err != nil || len(new) == 0 {
		return err
	}
	c := newCount()
	for _, i := range new {
		a := &alerts[i]
		t := c.tick(a.Raised)
		t["alerts"]++
		t[alertBucket+bucket(a.Raised-a.Produced)]++
		c.atMost(a.Raised, int64(a.Raised-a.Produced))
	}
	return l.add(ctx, c)
}

// publish returns the places of the alerts that were new.
func (l *Live) publish(ctx context.Context, alerts []atm.Alert) (new []int64, err error) {
	if len(alerts) == 0 {
		return nil, nil
	}
	args := make([]any, 0, 2+2*len(alerts))
	args = append(args, streamLength, seenLength)
	for i := range alerts {
		body, err := json.Marshal(&alerts[i])
		if err != nil {
			return nil, fmt.Errorf("publish alert %s: %w", alerts[i].ID, err)
		}
		args = append(args, alerts[i].ID, body)
	}
	new, err = publish.Run(ctx, l.client, []string{streamKey, seenKey, orderKey, totalsKey}, args...).Int64Slice()
	if err != nil {
		return nil, fmt.Errorf("publish %d alerts: %w", len(alerts), err)
	}
	return new, nil
}

// Empty says whether the server knows nothing: it is new, or lost what it had.
func (l *Live) Empty(ctx context.Context) (bool, error) {
	n, err := l.client.Exists(ctx, totalsKey, seenKey).Result()
	if err != nil {
		return false, fmt.Errorf("ask redis what it holds: %w", err)
	}
	return n == 0, nil
}

// Restore fills an empty server from the history: the totals and the newest event time of before, whose alerts include the recent
// ones, oldest first. On a server that holds something it does nothing.
func (l *Live) Restore(ctx context.Context, before dashboards.Live, recent []atm.Alert) error {
	empty, err := l.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	var published int64
	for some := range slices.Chunk(recent, 100) {
		new, err := l.publish(ctx, some)
		if err != nil {
			return err
		}
		published += int64(len(new))
	}
	c := newCount()
	c.totals["transactions"], c.totals["alerts"], c.totals["dead_letters"] = before.Transactions, before.Alerts-published, before.DeadLetters
	c.newest, c.newestAt = before.Newest, before.NewestAt
	return l.add(ctx, c)
}
