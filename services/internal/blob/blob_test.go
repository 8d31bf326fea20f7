package blob

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "here")
	if _, err := Open("file://" + dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), dir) {
		t.Errorf("of a folder that is not there: %v", err)
	}
	if _, err := os.Stat(filepath.Dir(dir)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opening made a folder: %v", err)
	}
	s, err := Create("file://" + dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	put := func(name, value string) {
		t.Helper()
		if err := s.Put(ctx, name, []byte(value)); err != nil {
			t.Error(err)
		}
	}
	get := func(name, want string) {
		t.Helper()
		if b, err := s.Get(ctx, name); err != nil || string(b) != want {
			t.Errorf("got %q, %v", b, err)
		}
	}
	list := func(prefix string, want ...string) {
		t.Helper()
		if names, err := s.List(ctx, prefix); err != nil || !slices.Equal(names, want) {
			t.Errorf("list %q: %q, %v", prefix, names, err)
		}
	}
	list("")
	list("nothing/here/")
	put("b", "1")
	put("a/2/x", "2")
	put("a/10/x", "3")
	put("ab", "")
	put("b", "replaced")
	get("b", "replaced")
	get("a/2/x", "2")
	get("ab", "")
	list("", "a/10/x", "a/2/x", "ab", "b")
	list("a", "a/10/x", "a/2/x", "ab")
	list("a/", "a/10/x", "a/2/x")
	list("a/1", "a/10/x")
	// a writer that died leaves a file that nobody sees
	if err := os.WriteFile(filepath.Join(dir, temporary+"123"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	list("", "a/10/x", "a/2/x", "ab", "b")
	for range 2 {
		if err := s.Delete(ctx, "b"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Get(ctx, "b"); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "read blob b") {
		t.Errorf("got %v", err)
	}
}

func TestNamesStayInside(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := func(name string) {
		t.Helper()
		_, get := s.Get(t.Context(), name)
		for _, err := range []error{get, s.Put(t.Context(), name, nil), s.Delete(t.Context(), name)} {
			if !errors.Is(err, fs.ErrInvalid) {
				t.Errorf("%q: got %v", name, err)
			}
		}
	}
	f("")
	f(".")
	f("..")
	f("../x")
	f("a/../../x")
	f("a/./b")
	f("/etc/passwd")
	f("a//b")
	f("a/")
	f(`a\b`)
	if _, err := s.List(t.Context(), "../"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestReadersSeeWholeBlobs(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	blobs := [][]byte{bytes.Repeat([]byte("a"), 1<<16), bytes.Repeat([]byte("b"), 1<<17)}
	if err := s.Put(t.Context(), "x", blobs[0]); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for i := range 2 {
		writers.Go(func() {
			for range 20 {
				if err := s.Put(t.Context(), "x", blobs[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 200 {
		if b, err := s.Get(t.Context(), "x"); err != nil || !bytes.Equal(b, blobs[0]) && !bytes.Equal(b, blobs[1]) {
			t.Fatalf("%d bytes, %v", len(b), err)
		}
	}
	writers.Wait()
}

func TestOpen(t *testing.T) {
	f := func(address, want string) {
		t.Helper()
		for _, open := range []func(string) (Store, error){Open, Create} {
			if _, err := open(address); !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("%q: %v, want %q", address, err, want)
			}
		}
	}
	dir := t.TempDir()
	f(dir, "<nil>")
	f("file:"+dir, "<nil>")
	f("file://localhost"+dir, "<nil>")
	f("", "no address")
	f("file://tmp/x", "three slashes: file:///tmp/x")
	f("s3://bucket/prefix?endpoint=x", "folders only")
	f("ftp://host/x", `scheme "ftp"`)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	f(file, "folder "+file)
}

func TestOpenReadOnlyFolder(t *testing.T) {
	dir := "/proc/self" // a folder that not even root can write to
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no /proc on this system")
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "folder "+dir+" cannot be written to") {
		t.Errorf("got %v", err)
	}
}
