package registry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"skimwatch/models/registry"
)

// memory is a blob store in a map.
type memory map[string][]byte

func (m memory) Get(_ context.Context, name string) ([]byte, error) {
	b, ok := m[name]
	if !ok {
		return nil, fmt.Errorf("get %s: %w", name, fs.ErrNotExist)
	}
	return bytes.Clone(b), nil
}

func (m memory) Put(_ context.Context, name string, b []byte) error {
	m[name] = bytes.Clone(b)
	return nil
}

func (m memory) List(_ context.Context, prefix string) ([]string, error) {
	var names []string
	for n := range m {
		if strings.HasPrefix(n, prefix) {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return names, nil
}

var ctx = context.Background()

func register(t *testing.T, r *registry.Registry, artifact string) registry.Manifest {
	t.Helper()
	m, err := r.Register(ctx, registry.Manifest{Algorithm: "forest", FeatureSet: 0xf00d}, []byte(artifact))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestVersionsCountUp(t *testing.T) {
	r := registry.New(memory{})
	for i := 1; i <= 11; i++ {
		if m := register(t, r, fmt.Sprint("model ", i)); m.Version != fmt.Sprintf("fraud/%d", i) {
			t.Fatalf("version %s, want fraud/%d", m.Version, i)
		}
	}
	list, err := r.List(ctx)
	if err != nil || len(list) != 11 || list[10].Version != "fraud/11" || list[1].Version != "fraud/2" {
		t.Errorf("list %v, error %v", list, err)
	}
}

func TestResolve(t *testing.T) {
	blobs := memory{}
	r := registry.New(blobs)
	register(t, r, "one")
	register(t, r, "two")
	promote(t, r, registry.Champion, "fraud/2")
	f := func(ref, want string) {
		t.Helper()
		_, b, err := r.Resolve(ctx, ref, 0xf00d)
		if err != nil || string(b) != want {
			t.Errorf("%s is %q, error %v; want %q", ref, b, err, want)
		}
	}
	f("fraud/1", "one")
	f("fraud/2", "two")
	f("champion", "two")

	bad := func(ref string, featureSet uint64, want error, words string) {
		t.Helper()
		_, b, err := r.Resolve(ctx, ref, featureSet)
		if b != nil || !errors.Is(err, want) || !strings.Contains(err.Error(), words) {
			t.Errorf("%s gave %q, error %v; want %v with %q", ref, b, err, want, words)
		}
	}
	bad("fraud/3", 0xf00d, registry.ErrNotFound, "fraud/3")
	bad("challenger", 0xf00d, registry.ErrNotFound, "nothing was promoted")
	for _, ref := range []string{"", "fraud", "fraud/", "fraud/0", "fraud/-1", "fraud/x", "../fraud/1", "fraud/1/../2"} {
		bad(ref, 0xf00d, registry.ErrNotFound, "a reference is fraud/N")
	}
	bad("fraud/1", 0xbeef, registry.ErrFeatureSet, "it has 000000000000f00d, this program computes 000000000000beef")
	blobs["models/fraud/1/artifact"] = []byte("onE")
	bad("fraud/1", 0xf00d, registry.ErrCorrupt, "3 bytes")
	delete(blobs, "models/fraud/1/artifact")
	bad("fraud/1", 0xf00d, fs.ErrNotExist, "load artifact")
}

func TestHalfRegisteredVersionIsNotSeen(t *testing.T) {
	blobs := memory{"models/fraud/1/artifact": []byte("torn")}
	r := registry.New(blobs)
	if list, err := r.List(ctx); err != nil || len(list) != 0 {
		t.Errorf("list %v, error %v", list, err)
	}
	if m := register(t, r, "whole"); m.Version != "fraud/1" {
		t.Errorf("version %s", m.Version)
	}
}

func promote(t *testing.T, r *registry.Registry, alias registry.Alias, version string) registry.Promotion {
	t.Helper()
	p, err := r.Promote(ctx, alias, version, registry.Who{By: "ana", Reason: "better", At: 5})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAliases(t *testing.T) {
	r := registry.New(memory{})
	for range 4 {
		register(t, r, "m")
	}
	champion := func(want string) {
		t.Helper()
		if m, err := r.Manifest(ctx, "champion"); err != nil || m.Version != want {
			t.Errorf("champion is %s, error %v; want %s", m.Version, err, want)
		}
	}
	rollback := func() {
		t.Helper()
		if _, err := r.Rollback(ctx, registry.Champion, registry.Who{By: "bo"}); err != nil {
			t.Error(err)
		}
	}
	promote(t, r, registry.Champion, "fraud/1")
	promote(t, r, registry.Challenger, "fraud/4")
	promote(t, r, registry.Champion, "fraud/2")
	if p := promote(t, r, registry.Champion, "fraud/3"); p.Sequence != 4 || p.Previous != "fraud/2" || p.By != "ana" {
		t.Errorf("promotion %+v", p)
	}
	champion("fraud/3")
	rollback()
	champion("fraud/2")
	rollback()
	champion("fraud/1")
	if _, err := r.Rollback(ctx, registry.Champion, registry.Who{}); !errors.Is(err, registry.ErrNothingBefore) {
		t.Errorf("error %v", err)
	}
	promote(t, r, registry.Champion, "fraud/3")
	rollback()
	champion("fraud/1")
	log, err := r.Log(ctx)
	if err != nil || len(log) != 8 || !log[4].Rollback || log[4].By != "bo" || log[7].Previous != "fraud/3" {
		t.Errorf("log %+v, error %v", log, err)
	}

	refuse := func(alias registry.Alias, version, words string) {
		t.Helper()
		if _, err := r.Promote(ctx, alias, version, registry.Who{}); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("promote %s to %s: error %v, want %q in it", version, alias, err, words)
		}
	}
	refuse("king", "fraud/1", "roles are champion and challenger")
	refuse(registry.Champion, "fraud/9", "no such model")
	refuse(registry.Champion, "challenger", "a version is fraud/N")
	refuse(registry.Champion, "fraud/1", "is the champion already")
}

func TestManifestKeepsAllDigitsOfTheFeatureSet(t *testing.T) {
	b, err := json.Marshal(registry.FeatureSet(1<<63 + 1))
	if err != nil || string(b) != `"8000000000000001"` {
		t.Fatalf("%s, error %v", b, err)
	}
	var back registry.FeatureSet
	if err := json.Unmarshal(b, &back); err != nil || back != 1<<63+1 {
		t.Errorf("%v, error %v", back, err)
	}
	if err := json.Unmarshal([]byte(`"xyz"`), &back); err == nil {
		t.Error("xyz was read as a hash")
	}
}
