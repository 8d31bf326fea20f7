package dashboards

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// liveEvery is the shortest time between two messages to one browser.
const liveEvery = 250 * time.Millisecond

// stream writes server-sent events to one browser.
type stream struct {
	w   http.ResponseWriter
	ctl *http.ResponseController
}

// send writes one event. A browser that does not take it within five seconds is dropped.
func (t *stream) send(event string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode live event %s: %w", event, err)
	}
	// Not every writer has deadlines; the tests' recorders do not.
	_ = t.ctl.SetWriteDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintf(t.w, "event: %s\ndata: %s\n\n", event, b); err != nil {
		return err
	}
	return t.ctl.Flush()
}

// live streams counts and the names of changed episodes; it never sends rows, so one message per quarter of a second is
// enough at any rate of alerts. A session that ends closes the stream.
func (s *Server) live(c *gin.Context) error {
	query := c.Request.URL.Query()
	f, err := filterOf(query, currentUser(c).Name)
	if err != nil {
		return err
	}
	if f.RaisedAfter, err = parseMoment(query.Get("since")); err != nil {
		return err
	}
	head := c.Writer.Header()
	head.Set("Content-Type", "text/event-stream")
	head.Set("X-Accel-Buffering", "no")
	c.Status(http.StatusOK)
	t := &stream{w: c.Writer, ctl: http.NewResponseController(c.Writer)}
	v := &viewer{s: s, c: c, t: t, filter: f, queue: query.Get("topic") == "queue"}
	if err := v.run(c.Request.Context()); err != nil {
		s.logStop(c.Request.Context(), "stream to a browser", err)
	}
	return nil
}

// viewer is one browser with an open stream.
type viewer struct {
	s      *Server
	c      *gin.Context
	t      *stream
	filter Filter
	queue  bool
}

func (v *viewer) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	signals, leave := v.s.hub.subscribe()
	defer leave()
	merged := make(chan Signal)
	go v.merge(ctx, signals, merged)
	if err := v.figures(ctx); err != nil {
		return err
	}
	defer v.t.ctl.SetWriteDeadline(time.Time{}) // the connection may serve another request
	return coalesce(ctx, merged, liveEvery, func(b batch) error { return v.emit(ctx, b) })
}

// merge adds a beat per second to the signals, which carries the figures and keeps the connection open.
func (v *viewer) merge(ctx context.Context, signals <-chan Signal, out chan<- Signal) {
	defer close(out)
	beat := time.NewTicker(time.Second)
	defer beat.Stop()
	for {
		var sig Signal
		select {
		case <-ctx.Done():
			return
		case got, ok := <-signals:
			if !ok {
				return
			}
			sig = got
		case <-beat.C:
			sig = Signal{Kind: beatKind}
		}
		select {
		case out <- sig:
		case <-ctx.Done():
			return
		}
	}
}

// beatKind is the kind of the signal that a viewer sends to itself.
const beatKind SignalKind = "beat"

func (v *viewer) emit(ctx context.Context, b batch) error {
	if len(b.Changed) > 0 {
		if err := v.t.send("changed", b.Changed); err != nil {
			return err
		}
	}
	if !b.Beat {
		if b.Alerts == 0 || !v.queue {
			return nil
		}
		n, err := v.waiting(ctx)
		if err != nil {
			return err
		}
		return v.t.send("queue", n)
	}
	if _, err := v.s.identify(v.c); err != nil {
		return v.t.send("ended", struct{}{})
	}
	return v.figures(ctx)
}

// figuresEvent is what the browser learns every second.
type figuresEvent struct {
	T      int64        `json:"t"` // seconds since the Unix epoch
	Tiles  []tileEvent  `json:"tiles"`
	Open   string       `json:"open"`
	Event  string       `json:"event"` // newest event time
	Stale  bool         `json:"stale"`
	Queue  *queueEvent  `json:"queue,omitempty"`
	Series seriesAnswer `json:"series"` // of the last whole second
}

// queueEvent counts the episodes that match the queue's filter and were raised since the page was drawn.
type queueEvent struct {
	New  int  `json:"new"`
	More bool `json:"more"` // there are more than New
}

type tileEvent struct {
	Label string `json:"label"`
	Value string `json:"value"`
	Note  string `json:"note"`
	Class string `json:"class"`
}

func (v *viewer) figures(ctx context.Context) error {
	x, err := v.s.sampler.latest(ctx)
	if err != nil {
		return v.t.send("trouble", "The live figures cannot be read.")
	}
	e := figuresEvent{T: int64(x.At / 1e6), Open: count(x.Counts.Open), Event: clock(x.Live.Newest), Series: x.lastSecond()}
	for _, t := range tiles(x) {
		e.Tiles = append(e.Tiles, tileEvent{t.Label, t.Value, t.Note, t.Class})
		e.Stale = e.Stale || t.Class == "stale"
	}
	if v.queue {
		n, err := v.waiting(ctx)
		if err != nil {
			return v.t.send("trouble", "The queue cannot be read.")
		}
		e.Queue = &n
	}
	return v.t.send("figures", e)
}

func (v *viewer) waiting(ctx context.Context) (queueEvent, error) {
	const most = 1000
	n, err := v.s.ports.Episodes.CountQueue(ctx, v.filter, most)
	return queueEvent{New: n, More: n >= most}, err
}
