package simulator

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/setup"
	"skimwatch/services/wiring"
)

// worldFlags choose a world; with --continue it is chosen already.
var worldFlags = []string{"seed", "cards", "atms", "start", "days", "fraud-rate", "scenarios", "disorder"}

// checkContinue says what cannot be told together with --continue.
func (o *options) checkContinue(changed func(flag string) bool) error {
	if !o.onward {
		return nil
	}
	if o.out != onKafka {
		return errors.New("--continue is for --out kafka")
	}
	for _, f := range worldFlags {
		if changed(f) {
			return fmt.Errorf("--continue goes on in the world that was set up: leave --%s out", f)
		}
	}
	return nil
}

// goOn makes the run take the world that skimwatch setup made, and returns the first delivery that is not in its history.
func (r *run) goOn(ctx context.Context) (first int64, err error) {
	address, err := settings.Of(r.cmd).Need(settings.Blob)
	if err != nil {
		return 0, err
	}
	blobs, err := wiring.Opener{Log: r.log, Service: true}.Blobs(address)
	if err != nil {
		return 0, err
	}
	w, err := setup.Load(ctx, blobs)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, daemon.Usage(fmt.Errorf("there is nothing to continue in %s: run skimwatch setup before", address))
	}
	if err != nil {
		return 0, err
	}
	r.world = w.Simulator
	return w.Deliveries, nil
}
