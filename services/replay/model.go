package replay

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"skimwatch/engine/feature"
	"skimwatch/engine/score"
	"skimwatch/models/artifact"
	"skimwatch/models/registry"
	"skimwatch/services/internal/daemon"
	"skimwatch/services/scorer"
	"skimwatch/services/wiring"
)

// reference is what a version or an alias of the registry looks like; everything else is a file.
var reference = regexp.MustCompile(`^(` + registry.Line + `/[0-9]+|` + string(registry.Champion) + `|` + string(registry.Challenger) + `)$`)

// Model resolves a reference to a model: a version or an alias of the registry, or a model file; the empty reference is no
// model. blobs gives the address of the registry and is asked only when it is needed.
func Model(ctx context.Context, ref string, blobs func() (string, error)) (score.Version, error) {
	if ref == "" {
		return score.NoModel, nil
	}
	if !reference.MatchString(ref) {
		return fromFile(ref)
	}
	address, err := blobs()
	if err != nil {
		return score.Version{}, fmt.Errorf("model %s lies in the registry: %w", ref, err)
	}
	store, err := wiring.Opener{}.Blobs(address)
	if err != nil {
		return score.Version{}, err
	}
	v, err := scorer.Load(ctx, registry.New(store), ref)
	if errors.Is(err, registry.ErrNotFound) {
		return v, daemon.Usage(fmt.Errorf("%w; skimwatch models list shows what there is in %s", err, address))
	}
	return v, err
}

// fromFile loads an artifact from a file. Its name and threshold are in the manifest that stands beside it, FILE.json, as train
// writes it.
func fromFile(path string) (score.Version, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return score.Version{}, daemon.Usage(fmt.Errorf("model %q is neither a file nor a reference such as fraud/7 or champion", path))
	}
	if err != nil {
		return score.Version{}, fmt.Errorf("read model: %w", err)
	}
	m, err := artifact.Load(b)
	if err != nil {
		return score.Version{}, daemon.Usage(fmt.Errorf("model %s: %w", path, err))
	}
	if m.FeatureSet() != feature.Hash() {
		return score.Version{}, daemon.Usage(fmt.Errorf("model %s: %w: it has %016x, this program computes %016x; train a new one", path, registry.ErrFeatureSet, m.FeatureSet(), feature.Hash()))
	}
	manifest, err := manifestOf(path, b)
	if err != nil {
		return score.Version{}, daemon.Usage(err)
	}
	return score.Version{Name: cmp.Or(manifest.Version, filepath.Base(path)), Threshold: manifest.Threshold, Model: m}, nil
}

// manifestOf reads the manifest beside an artifact.
func manifestOf(path string, artifact []byte) (m registry.Manifest, err error) {
	b, err := os.ReadFile(path + ".json")
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, fmt.Errorf("model %s: its manifest, which has the threshold: %w", path, err)
	}
	if sum := sha256.Sum256(artifact); m.SHA256 != "" && hex.EncodeToString(sum[:]) != m.SHA256 {
		return m, fmt.Errorf("model %s: %w, %s.json", path, registry.ErrCorrupt, path)
	}
	return m, nil
}
