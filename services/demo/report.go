package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"skimwatch/services/dashboard"
	"skimwatch/services/meter"
)

// ready is what programs learn when the dashboard answers.
type ready struct {
	Event     string `json:"event"`
	Dashboard string `json:"dashboard"`
	SignIn    string `json:"sign_in"`
	Token     string `json:"token"` // for the API, as Authorization: Bearer
	Kafka     string `json:"kafka"`
	Redis     string `json:"redis"`
	DataDir   string `json:"data_dir"`
}

// summary is what programs learn at the end.
type summary struct {
	Event             string   `json:"event"`
	Transactions      int64    `json:"transactions"`
	Scored            int64    `json:"scored"`
	DeadLettered      int64    `json:"dead_lettered"`
	Alerts            int64    `json:"alerts"`
	Frauds            int      `json:"frauds"`
	FirstAlertSeconds *float64 `json:"first_alert_seconds"` // since the start; null when there was no alert
	Latency           latency  `json:"latency_ms"`          // produced until the score could be read
	AlertLatency      latency  `json:"alert_latency_ms"`    // produced until the alert could be read
	Precision         float64  `json:"precision"`
	Recall            float64  `json:"recall"`
	AveragePrecision  float64  `json:"average_precision"`
	Model             string   `json:"model"`
	Seconds           float64  `json:"seconds"` // the whole run
}

type latency struct {
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
	P999 float64 `json:"p999"`
}

func quantiles(h *meter.Histogram) latency {
	ms := func(q float64) float64 { return float64(h.Quantile(q).Microseconds()) / 1000 }
	return latency{ms(0.5), ms(0.99), ms(0.999)}
}

// announce tells that the dashboard answers, and how to sign in.
func (d *demo) announce(url, signIn string, secrets dashboard.Credentials) {
	if d.JSON {
		d.line(ready{"ready", url, signIn, secrets.Token, d.servers.kafka.Addr(), d.servers.redis.Addr(), d.DataDir})
		return
	}
	fmt.Fprintf(d.Out, "\n  dashboard  %s\n  sign in    %s   (opens once)\n  or as      user %s, password %s\n  kafka      %s\n\n", url, signIn, secrets.Name, secrets.Password, d.servers.kafka.Addr())
	fmt.Fprintf(d.Out, "  Decide an alert, then train on it in another terminal; the running engine takes the new model over:\n")
	fmt.Fprintf(d.Out, "    %[2]s train --database sqlite:%[1]s/history.db --blob %[1]s/blobs --register\n\n  Ctrl-C drains and ends; the same --data-dir continues.\n\n", d.DataDir, program())
}

// program is how this program was called, as it can be typed again.
func program() string {
	if strings.Contains(os.Args[0], "go-build") {
		return "go run ./services/skimwatch"
	}
	return os.Args[0]
}

// tell shows how the run is going.
func (d *demo) tell(ctx context.Context) error {
	s, err := d.meter.Glance(ctx)
	if err != nil {
		return err
	}
	d.console.status(fmt.Sprintf("  %s  %s transactions · %s alerts · precision %s · recall %s · produced to scored p50 %.1f ms, p99 %.1f ms",
		time.Since(d.began).Round(time.Second), grouped(s.Scored), grouped(s.Alerts), share(s.Precision, s.Alerts), share(s.Recall, int64(s.Frauds)),
		quantiles(&s.Latency).P50, quantiles(&s.Latency).P99))
	return nil
}

// summary tells what the run amounts to.
func (d *demo) summary(ctx context.Context) error {
	m, err := d.meter.Summary(ctx)
	if err != nil {
		return err
	}
	s := summary{Event: "summary", Transactions: m.Transactions, Scored: m.Scored, DeadLettered: m.DeadLettered, Alerts: m.Alerts, Frauds: m.Frauds,
		Latency: quantiles(&m.Latency), AlertLatency: quantiles(&m.AlertLatency), Precision: m.Precision, Recall: m.Recall, AveragePrecision: m.AveragePrecision, Model: m.Model,
		Seconds: time.Since(d.began).Seconds()}
	if first := d.meter.FirstAlert(); !first.IsZero() {
		seconds := first.Sub(d.began).Seconds()
		s.FirstAlertSeconds = &seconds
	}
	if d.JSON {
		return d.line(s)
	}
	d.console.done("drained")
	fmt.Fprintf(d.Out, "  %s transactions: %s scored, %s dead-lettered; %s alerts for %d frauds\n", grouped(s.Transactions), grouped(s.Scored), grouped(s.DeadLettered), grouped(s.Alerts), s.Frauds)
	fmt.Fprintf(d.Out, "  precision %.2f, recall %.2f, average precision %.2f with model %s\n", s.Precision, s.Recall, s.AveragePrecision, s.Model)
	fmt.Fprintf(d.Out, "  produced to scored: p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms\n", s.Latency.P50, s.Latency.P99, s.Latency.P999)
	return nil
}

func (d *demo) line(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	_, err = fmt.Fprintf(d.Out, "%s\n", b)
	return err
}

// share writes a ratio of n things; of none there is none.
func share(ratio float64, n int64) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", ratio)
}

// grouped writes n with its thousands apart.
func grouped(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
