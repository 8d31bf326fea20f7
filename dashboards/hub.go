package dashboards

import (
	"context"
	"slices"
	"sync"
	"time"
)

// subscriberBuffer is how many signals a browser may be behind before it is dropped.
const subscriberBuffer = 256

// hub passes signals on to the browsers of this process. A browser that does not keep up is dropped, never waited for;
// it connects again by itself and reads the state anew.
type hub struct {
	mu     sync.Mutex
	closed bool
	subs   map[chan Signal]struct{}
}

func newHub() *hub { return &hub{subs: map[chan Signal]struct{}{}} }

// subscribe returns a channel that is closed when the subscriber is dropped or the hub closes. Call leave when done.
func (h *hub) subscribe() (ch chan Signal, leave func()) {
	ch = make(chan Signal, subscriberBuffer)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(ch)
		return ch, func() {}
	}
	h.subs[ch] = struct{}{}
	return ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.drop(ch)
	}
}

func (h *hub) publish(s Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for ch := range h.subs {
		select {
		case ch <- s:
		default:
			h.drop(ch)
		}
	}
}

func (h *hub) drop(ch chan Signal) {
	if _, ok := h.subs[ch]; ok {
		delete(h.subs, ch)
		close(ch)
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for ch := range h.subs {
		h.drop(ch)
	}
}

// batch is what happened since the last message to a browser.
type batch struct {
	Alerts  int
	Changed []string // episodes, each once
	Beat    bool     // a second has passed
}

func (b *batch) add(s Signal) {
	switch s.Kind {
	case Alerted:
		b.Alerts++
	case beatKind:
		b.Beat = true
	case Changed:
		if len(b.Changed) < 50 && !slices.Contains(b.Changed, s.ID) {
			b.Changed = append(b.Changed, s.ID)
		}
	}
}

// coalesce reads signals and calls emit with what gathered, at once when it was quiet and at most once per every. It
// returns nil when the channel is closed or ctx ends, and emit's error.
func coalesce(ctx context.Context, in <-chan Signal, every time.Duration, emit func(batch) error) error {
	var b batch
	timer := time.NewTimer(0)
	<-timer.C
	defer timer.Stop()
	waiting, full := false, false
	for {
		select {
		case <-ctx.Done():
			return nil
		case s, ok := <-in:
			if !ok {
				return nil
			}
			b.add(s)
			full = true
		case <-timer.C:
			waiting = false
		}
		if full && !waiting {
			if err := emit(b); err != nil {
				return err
			}
			b, full, waiting = batch{}, false, true
			timer.Reset(every)
		}
	}
}
