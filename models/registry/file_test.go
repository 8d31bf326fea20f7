package registry_test

import (
	"errors"
	"testing"

	"skimwatch/models/registry"
)

func TestModelFile(t *testing.T) {
	whole, err := registry.Pack(registry.Manifest{Algorithm: "forest", FeatureSet: 7, Threshold: 0.25}, []byte("artifact"))
	if err != nil {
		t.Fatal(err)
	}
	m, artifact, err := registry.Unpack(whole, 7)
	if err != nil || string(artifact) != "artifact" || m.Threshold != 0.25 || m.Size != 8 {
		t.Errorf("manifest %+v, artifact %q, error %v", m, artifact, err)
	}
	for n := range whole {
		if _, _, err := registry.Unpack(whole[:n], 7); !errors.Is(err, registry.ErrCorrupt) {
			t.Errorf("%d of %d bytes gave error %v", n, len(whole), err)
		}
	}
	if _, _, err := registry.Unpack(whole, 8); !errors.Is(err, registry.ErrFeatureSet) {
		t.Errorf("another feature set gave error %v", err)
	}
}

func FuzzUnpack(f *testing.F) {
	whole, err := registry.Pack(registry.Manifest{Algorithm: "forest", FeatureSet: 7}, []byte("artifact"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte("SKMODEL\x01\xff\xff\xff\xff{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, artifact, err := registry.Unpack(b, 7); err == nil && len(artifact) > len(b) {
			t.Errorf("manifest %+v", m)
		}
	})
}
