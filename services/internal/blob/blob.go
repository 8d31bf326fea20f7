// Package blob keeps named, immutable-looking files: checkpoints, models and batch views. A store is a folder.
package blob

import (
	"context"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"
)

// Store keeps blobs by name. Names are relative slash paths such as fraud/7/model. Safe for concurrent use.
type Store interface {
	// Get returns the blob of that name. The error of one that is not there wraps fs.ErrNotExist.
	Get(ctx context.Context, name string) ([]byte, error)
	// Put stores a blob, replacing one of that name in one step: readers see the old or the new, never a part. When it
	// returns nil the blob survives a loss of power.
	Put(ctx context.Context, name string, b []byte) error
	// List returns the names that begin with prefix, sorted.
	List(ctx context.Context, prefix string) ([]string, error)
	// Delete removes a blob. One that is not there is no error.
	Delete(ctx context.Context, name string) error
}

// Open opens the store at a URL: file:///absolute/folder, or the path of a folder. The error of a folder that is not there wraps
// fs.ErrNotExist, and nothing is made; one that cannot be written to is an error, too.
func Open(address string) (Store, error) { return open(address, false) }

// Create is Open, but makes the folder where it is missing.
func Create(address string) (Store, error) { return open(address, true) }

func open(address string, create bool) (Store, error) {
	if !strings.Contains(address, "://") {
		if address = strings.TrimPrefix(address, "file:"); address == "" {
			return nil, fmt.Errorf("open the blob store: no address is given")
		}
		return openFolder(address, create)
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open the blob store: %w", err)
	case u.Scheme == "s3":
		return nil, fmt.Errorf("open the blob store %s: this version stores blobs in folders only: give file:///folder", u.Redacted())
	case u.Scheme != "file":
		return nil, fmt.Errorf("open the blob store %s: scheme %q is not file", u.Redacted(), u.Scheme)
	case u.Host != "" && u.Host != "localhost":
		return nil, fmt.Errorf("open the blob store %s: a file URL has three slashes: file:///%s%s", address, u.Host, u.Path)
	case u.Path == "":
		return nil, fmt.Errorf("open the blob store %s: the URL names no folder", address)
	}
	return openFolder(u.Path, create)
}

// check refuses names that are not relative slash paths inside the store.
func check(name string) error {
	if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\\x00") || strings.HasPrefix(path.Base(name), temporary) {
		return fmt.Errorf("%q is not a relative slash path: %w", name, fs.ErrInvalid)
	}
	return nil
}
