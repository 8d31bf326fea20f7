package dashboards

import (
	"sync"

	"skimwatch/engine/atm"
)

// refusals bounds how often a sign-in may be refused per minute: most times for one name from one address, and four
// times as often for one address. Names alone are not counted, or a stranger could lock a user out.
type refusals struct {
	most  int
	mu    sync.Mutex
	times map[string][]atm.Time // of refused sign-ins within the last minute
}

func newRefusals(most int) *refusals {
	return &refusals{most: most, times: map[string][]atm.Time{}}
}

// try counts an attempt and reports whether it may go on. A successful sign-in calls forgive.
func (r *refusals) try(now atm.Time, address, name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(now)
	pair := address + " " + name
	if len(r.times[pair]) >= r.most || len(r.times[address]) >= 4*r.most {
		return false
	}
	r.times[pair] = append(r.times[pair], now)
	r.times[address] = append(r.times[address], now)
	return true
}

func (r *refusals) forget(now atm.Time) {
	for k, ts := range r.times {
		for len(ts) > 0 && now-ts[0] >= atm.Minute {
			ts = ts[1:]
		}
		if r.times[k] = ts; len(ts) == 0 {
			delete(r.times, k)
		}
	}
}

func (r *refusals) forgive(address, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.times, address+" "+name)
}
