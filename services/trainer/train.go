package trainer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"skimwatch/engine/atm"
	"skimwatch/models/forest"
	"skimwatch/models/registry"
	"skimwatch/models/train"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/settings"
	"skimwatch/services/wiring"
)

// trainFlags are what the train command can be told.
type trainFlags struct {
	in, labels, until, algorithm, out string
	seed                              uint64
	trees                             int
	budget                            float64
	register, json                    bool
}

func trainCommand() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a model on a history, evaluate it and compare it with the champion",
		Long: `Recomputes the features of a history with the engine's own code, fits a model on the past, chooses its threshold and
evaluates it on a later slice, and fits again on everything whose labels have had time to arrive. A history is a file
with --in and --labels, or the database. Only labels known at the cut-off (--until, by default the newest
transaction) are used. With --register the model becomes the champion unless the present one is clearly better; the first
one may make the folder of --blob.`,
		Example: `  skimwatch train --in history.ndjson.zst --labels labels.ndjson --out model
  skimwatch train --database sqlite:history.db --blob ./blobs --register`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.in, "in", "", "transactions `FILE`, in the order in which they came")
	flags.StringVar(&f.labels, "labels", "", "labels `FILE`, for --in")
	flags.StringVar(&f.until, "until", "", "cut-off `T`: later transactions and labels known later are not used (default the newest transaction)")
	flags.StringVar(&f.algorithm, "algorithm", forest.Algorithm, "kind of model")
	flags.Uint64Var(&f.seed, "seed", 1, "same data and seed give the same model")
	flags.IntVar(&f.trees, "trees", 0, "number of trees (default 50)")
	flags.Float64Var(&f.budget, "budget", 0, "alerts a day that people can look at (default what gives the best F1)")
	flags.StringVar(&f.out, "out", "", "write the model to `FILE` and its manifest to FILE.json")
	flags.BoolVar(&f.register, "register", false, "keep the model in the registry and put it in force unless the champion is clearly better")
	flags.BoolVar(&f.json, "json", false, "print the report as JSON")
	return cmd
}

func (f trainFlags) run(cmd *cobra.Command) error {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background()
	}
	progress := newProgress(cmd.ErrOrStderr())
	job := Job{Register: f.register, Code: daemon.Version(), By: operator(), Now: now, Config: train.Config{
		Budget: f.budget, Forest: forest.Config{Seed: f.seed, Trees: f.trees}, CPU: daemon.CPUSeconds, Progress: progress.tell,
	}}
	var err error
	if job.Config.Cutoff, err = f.check(); err != nil {
		return err
	}
	data, done, err := f.data(ctx, cmd, progress)
	if err != nil {
		return err
	}
	defer done()
	job.Data = data
	if job.Registry, err = f.registry(cmd, progress); err != nil {
		return err
	}
	out, err := job.Run(ctx)
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if err := f.save(out); err != nil {
		return err
	}
	if f.json {
		return writeJSON(cmd.OutOrStdout(), newTrainReport(out))
	}
	return writeTrainReport(cmd.OutOrStdout(), out)
}

func (f trainFlags) check() (atm.Time, error) {
	if err := known(f.algorithm); err != nil {
		return 0, err
	}
	if f.budget < 0 {
		return 0, daemon.Usage(fmt.Errorf("--budget %g is negative", f.budget))
	}
	if (f.in == "") != (f.labels == "") {
		return 0, daemon.Usage(errors.New("--in and --labels belong together: give both, or neither to read the database"))
	}
	return instant("until", f.until)
}

// registry opens the registry where one is set; to register there must be one, and its folder is made if it is not there yet.
func (f trainFlags) registry(cmd *cobra.Command, progress *progress) (*registry.Registry, error) {
	address := settings.Of(cmd).Get(settings.Blob)
	if address == "" && !f.register {
		return nil, nil
	}
	r, err := openRegistry(cmd, false)
	if missing := (*wiring.Missing)(nil); f.register && errors.As(err, &missing) {
		progress.warn(missing.What + " was not there and is made for the first model")
		return openRegistry(cmd, true)
	}
	return r, err
}

func openRegistry(cmd *cobra.Command, create bool) (*registry.Registry, error) {
	address, err := settings.Of(cmd).Need(settings.Blob)
	if err != nil {
		return nil, err
	}
	blobs, err := wiring.Opener{Create: create}.Blobs(address)
	if err != nil {
		return nil, err
	}
	return registry.New(blobs), nil
}

func (f trainFlags) data(ctx context.Context, cmd *cobra.Command, progress *progress) (data Data, done func() error, err error) {
	if f.in != "" {
		return &Files{In: f.in, Labels: f.labels, Warn: progress.warn}, func() error { return nil }, nil
	}
	address := settings.Of(cmd).Get(settings.Database)
	if address == "" {
		return nil, nil, daemon.Usage(errors.New("there is nothing to train on: give --in FILE and --labels FILE, or --database URL"))
	}
	log, err := settings.Logger(cmd)
	if err != nil {
		return nil, nil, err
	}
	store, err := wiring.Opener{Log: log}.History(ctx, address)
	if err != nil {
		return nil, nil, err
	}
	return Database{store}, store.Close, nil
}

// save writes the model and, beside it, its manifest.
func (f trainFlags) save(out *Outcome) error {
	if f.out == "" {
		return nil
	}
	manifest, err := json.MarshalIndent(out.Manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	if err := writeWhole(f.out, out.Model.Encode()); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	if err := writeWhole(f.out+".json", append(manifest, '\n')); err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return nil
}

// writeWhole writes beside and renames, so that nobody ever reads half a file.
func writeWhole(path string, b []byte) error {
	beside, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(beside.Name())
	_, err = beside.Write(b)
	if err = errors.Join(err, beside.Chmod(0o644), beside.Sync(), beside.Close()); err != nil {
		return err
	}
	return os.Rename(beside.Name(), path)
}
