// Package registry keeps models: immutable versions such as fraud/7, each an artifact with a manifest, and the aliases
// champion and challenger that say which of them are in force. It stores bytes; package artifact makes models of them.
package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// The reasons why the registry does not give a model.
var (
	ErrNotFound   = errors.New("no such model")
	ErrCorrupt    = errors.New("artifact does not match its manifest")
	ErrFeatureSet = errors.New("model was trained on another feature set")
)

// Blobs is where the registry keeps everything. It is safe for use by several goroutines.
type Blobs interface {
	// Get returns the content of name. The error wraps fs.ErrNotExist when there is none.
	Get(ctx context.Context, name string) ([]byte, error)
	// Put replaces the content of name whole or not at all.
	Put(ctx context.Context, name string, b []byte) error
	// List returns the names that begin with prefix, sorted.
	List(ctx context.Context, prefix string) ([]string, error)
}

// Registry holds the versions of one line of models. Many may read at once; only one process at a time may register or
// promote, as the blob store has no locks.
type Registry struct {
	blobs Blobs
	line  string
}

// Line is the name of the only line of models there is.
const Line = "fraud"

// New returns the registry of the fraud models in blobs.
func New(blobs Blobs) *Registry { return &Registry{blobs: blobs, line: Line} }

func (r *Registry) folder() string { return "models/" + r.line + "/" }
func (r *Registry) manifestName(number int) string {
	return fmt.Sprintf("%s%d/manifest.json", r.folder(), number)
}
func (r *Registry) artifactName(number int) string {
	return fmt.Sprintf("%s%d/artifact", r.folder(), number)
}

// Register stores an artifact as the next version and returns its manifest, completed by version, size and checksum.
// The version can be seen only when all of it is stored. It gets no alias.
func (r *Registry) Register(ctx context.Context, m Manifest, artifact []byte) (Manifest, error) {
	numbers, err := r.numbers(ctx)
	if err != nil {
		return m, fmt.Errorf("register model: %w", err)
	}
	number := 1
	if len(numbers) > 0 {
		number = numbers[len(numbers)-1] + 1
	}
	sum := sha256.Sum256(artifact)
	m.Version = fmt.Sprintf("%s/%d", r.line, number)
	m.Size, m.SHA256 = len(artifact), hex.EncodeToString(sum[:])
	b, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, fmt.Errorf("register model %s: %w", m.Version, err)
	}
	if err := r.blobs.Put(ctx, r.artifactName(number), artifact); err != nil {
		return m, fmt.Errorf("register model %s: store artifact: %w", m.Version, err)
	}
	if err := r.blobs.Put(ctx, r.manifestName(number), b); err != nil {
		return m, fmt.Errorf("register model %s: store manifest: %w", m.Version, err)
	}
	return m, nil
}

// List returns all manifests, oldest version first.
func (r *Registry) List(ctx context.Context) ([]Manifest, error) {
	numbers, err := r.numbers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list models: %w", err)
	}
	list := make([]Manifest, 0, len(numbers))
	for _, n := range numbers {
		m, err := r.manifest(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("list models: %w", err)
		}
		list = append(list, m)
	}
	return list, nil
}

// Manifest returns the manifest of a reference: a version such as fraud/7, or an alias. The error wraps ErrNotFound when
// there is no such version, or nothing was promoted to the alias yet.
func (r *Registry) Manifest(ctx context.Context, ref string) (Manifest, error) {
	version := ref
	if slices.Contains(Aliases(), Alias(ref)) {
		p, err := r.Current(ctx, Alias(ref))
		if err != nil {
			return Manifest{}, err
		}
		version = p.Version
	}
	number, ok := r.number(version)
	if !ok {
		return Manifest{}, fmt.Errorf("model %q: %w: a reference is %s/N, %s or %s", ref, ErrNotFound, r.line, Champion, Challenger)
	}
	return r.manifest(ctx, number)
}

// Resolve returns manifest and artifact of a reference, the artifact's checksum verified. featureSet is the hash of the
// running catalogue: a model trained on another one is refused with ErrFeatureSet, since its vectors mean something else.
func (r *Registry) Resolve(ctx context.Context, ref string, featureSet uint64) (Manifest, []byte, error) {
	m, err := r.Manifest(ctx, ref)
	if err != nil {
		return m, nil, err
	}
	if err := m.fits(featureSet); err != nil {
		return m, nil, err
	}
	number, _ := r.number(m.Version)
	b, err := r.blobs.Get(ctx, r.artifactName(number))
	if err != nil {
		return m, nil, fmt.Errorf("model %s: load artifact: %w", m.Version, err)
	}
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != m.SHA256 {
		return m, nil, fmt.Errorf("model %s: %w: %d bytes with checksum %x, want %d bytes with %.8s", m.Version, ErrCorrupt, len(b), sum[:4], m.Size, m.SHA256)
	}
	return m, b, nil
}

func (r *Registry) manifest(ctx context.Context, number int) (Manifest, error) {
	var m Manifest
	b, err := r.blobs.Get(ctx, r.manifestName(number))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("model %s/%d: %w", r.line, number, ErrNotFound)
	}
	if err != nil {
		return m, fmt.Errorf("model %s/%d: load manifest: %w", r.line, number, err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("model %s/%d: decode manifest: %w", r.line, number, err)
	}
	return m, nil
}

// number is the 7 of fraud/7.
func (r *Registry) number(version string) (int, bool) {
	rest, ok := strings.CutPrefix(version, r.line+"/")
	n, err := strconv.Atoi(rest)
	return n, ok && err == nil && n > 0
}

// numbers are the versions that are stored whole, ascending.
func (r *Registry) numbers(ctx context.Context) ([]int, error) {
	names, err := r.blobs.List(ctx, r.folder())
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", r.folder(), err)
	}
	var numbers []int
	for _, name := range names {
		version, found := strings.CutSuffix(strings.TrimPrefix(name, "models/"), "/manifest.json")
		if n, ok := r.number(version); found && ok {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers, nil
}
