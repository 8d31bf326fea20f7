package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// temporary begins the names of files that are being written; List does not show them.
const temporary = ".writing-"

type folder struct{ dir string }

var _ Store = folder{}

func openFolder(dir string, create bool) (Store, error) {
	if create {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, fmt.Errorf("open the blob store: make folder %s: %w", dir, err)
		}
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("open the blob store: %w", err)
	}
	f, err := os.CreateTemp(dir, temporary)
	if err != nil {
		return nil, fmt.Errorf("open the blob store: folder %s cannot be written to: %w", dir, err)
	}
	f.Close()
	if err := os.Remove(f.Name()); err != nil {
		return nil, fmt.Errorf("open the blob store: folder %s cannot be written to: %w", dir, err)
	}
	return folder{dir}, nil
}

func (s folder) path(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

func (s folder) Get(_ context.Context, name string) ([]byte, error) {
	err := check(name)
	if err != nil {
		return nil, fmt.Errorf("read blob: %w", err)
	}
	b, err := os.ReadFile(s.path(name))
	if err != nil {
		return nil, fmt.Errorf("read blob %s: %w", name, err)
	}
	return b, nil
}

func (s folder) Put(_ context.Context, name string, b []byte) error {
	if err := check(name); err != nil {
		return fmt.Errorf("write blob: %w", err)
	}
	if err := s.write(s.path(name), b); err != nil {
		return fmt.Errorf("write blob %s: %w", name, err)
	}
	return nil
}

// write writes beside, syncs, renames, and syncs the folder.
func (s folder) write(to string, b []byte) error {
	dir := filepath.Dir(to)
	if err := s.makeDir(dir); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, temporary)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after a rename there is nothing of that name
	_, err = f.Write(b)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		return err
	}
	return syncDir(dir)
}

// makeDir makes a folder inside the store and syncs the ones above it, so that it does not vanish with a loss of power.
func (s folder) makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for up := filepath.Dir(dir); len(up) >= len(s.dir); up = filepath.Dir(up) {
		if err := syncDir(up); err != nil {
			return err
		}
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func (s folder) List(ctx context.Context, prefix string) ([]string, error) {
	var names []string
	// Only the folder that the prefix names can hold matches.
	root := s.dir
	if i := strings.LastIndexByte(prefix, '/'); i >= 0 {
		if err := check(prefix[:i]); err != nil {
			return nil, fmt.Errorf("list blobs: %w", err)
		}
		root = s.path(prefix[:i])
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was deleted meanwhile, or nothing was ever stored there
		}
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		rel, err := filepath.Rel(s.dir, path)
		if name := filepath.ToSlash(rel); d.Type().IsRegular() && strings.HasPrefix(name, prefix) && !strings.HasPrefix(d.Name(), temporary) {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list blobs %s*: %w", prefix, err)
	}
	slices.Sort(names)
	return names, nil
}

func (s folder) Delete(_ context.Context, name string) error {
	if err := check(name); err != nil {
		return fmt.Errorf("delete blob: %w", err)
	}
	if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("delete blob %s: %w", name, err)
	}
	return nil
}
