package file

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func files(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestWriteAndReadBack(t *testing.T) {
	f := func(name string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		w, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Repeat("one line of text\n", 20_000)
		for line := range strings.Lines(want) {
			if _, err := w.Write([]byte(line)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(path); err == nil {
			t.Errorf("%s is there before it is finished", name)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := files(t, filepath.Dir(path)); len(got) != 1 || got[0] != name {
			t.Errorf("the folder holds %q", got)
		}
		info, _ := os.Stat(path)
		if packed := info.Size() < int64(len(want)/10); packed != (filepath.Ext(name) != ".txt") {
			t.Errorf("%s has %d bytes for %d of text", name, info.Size(), len(want))
		}
		r, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if got, err := io.ReadAll(r); err != nil || string(got) != want {
			t.Errorf("%s: read %d bytes of %d, %v", name, len(got), len(want), err)
		}
	}
	f("plain.txt")
	f("packed.gz")
	f("packed.zst")
}

func TestAnAbortedFileLeavesWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("new\n"))
	w.Abort()
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("%q", got)
	}
	if got := files(t, filepath.Dir(path)); len(got) != 1 {
		t.Errorf("the folder holds %q", got)
	}
}

func TestALinkStaysALink(t *testing.T) {
	folder := t.TempDir()
	real, link := filepath.Join(folder, "real"), filepath.Join(folder, "link")
	if err := os.WriteFile(real, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	w, err := Create(link)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("new\n"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(real); string(got) != "new\n" {
		t.Errorf("the file behind the link holds %q", got)
	}
}

func TestCreateErrorsNameThePath(t *testing.T) {
	f := func(path, want string) {
		t.Helper()
		_, err := Create(path)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), path) != 1 {
			t.Errorf("create %s: %v", path, err)
		}
	}
	f(t.TempDir(), "folder")
	f(filepath.Join(t.TempDir(), "no", "such"), "no such file")
}

func TestAFullDiskIsAnError(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no /dev/full")
	}
	w, err := Create("/dev/full")
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte("a\n"))
	if err := w.Flush(); err == nil || !strings.Contains(err.Error(), "/dev/full") || !strings.Contains(err.Error(), "no space") {
		t.Errorf("flush: %v", err)
	}
	if err := w.Close(); err == nil {
		t.Error("close says that all is well")
	}
}

func TestABrokenPipeIsAnErrorAndWholeRecordsArrive(t *testing.T) {
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	w := &Writer{path: "pipe", file: out}
	w.Write([]byte("first\n"))
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 100)
	n, _ := in.Read(got)
	if string(got[:n]) != "first\n" {
		t.Errorf("%q", got[:n])
	}
	in.Close()
	w.Write([]byte("second\n"))
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "pipe") {
		t.Errorf("close: %v", err)
	}
}

func TestOpenErrorsNameThePath(t *testing.T) {
	f := func(name, content, want string) {
		t.Helper()
		path := filepath.Join(t.TempDir(), name)
		if content != "" {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Open(path)
		if err == nil {
			_, err = io.ReadAll(r)
			r.Close()
		}
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), want) {
			t.Errorf("open %s: %v", name, err)
		}
	}
	f("missing", "", "no such file")
	f("not.gz", "plain text, not packed", "gzip")
	f("not.zst", "plain text, not packed", "magic")
	f("cut.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x2a\x49", "unexpected EOF")
}
